import { describe, it } from "vitest";
import { backendNamed } from "@src/backend/registry.js";
import { checks } from "./checks.js";
import { subjectNames } from "./subjects.js";

/** Declares the tests that hold a backend against the reference: every operation, every check. */
export function conformance(backendName: string): void {
  describe(`the backend "${backendName}"`, () => {
    for (const [sentence, check] of Object.entries(checks))
      describe(sentence, () => {
        for (const name of subjectNames) it(name, () => check(backendNamed(backendName), name));
      });
  });
}
