import { describe, it } from "vitest";
import { backendNamed } from "@src/backend/registry.js";
import { everyCheck } from "./every-check.js";

/** Declares the tests that hold a backend against the reference: every operation, every check. */
export function conformance(backendName: string): void {
  describe(`the backend "${backendName}"`, () => {
    for (const { sentence, name, run } of everyCheck)
      it(`${sentence}: ${name}`, () => run(backendNamed(backendName)));
  });
}
