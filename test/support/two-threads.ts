import { afterAll, beforeAll, expect } from "vitest";
import { setThreads } from "inkgrad";
import { backendNamed } from "@src/backend/registry.js";

/** Has every test of the file computed by two threads, however small it is. */
export function onTwoThreads(): void {
  const threads = backendNamed("wasm").threads!;
  const usual = threads.threshold;
  beforeAll(async () => {
    threads.threshold = 0;
    setThreads(2);
    expect(await threads.ready()).toBe(2);
  });
  afterAll(() => {
    threads.threshold = usual;
  });
}
