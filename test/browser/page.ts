import { ShapeError, tensor } from "inkgrad";
import { work } from "./work.js";

/** What the page offers to the test that opened it. */

declare const crossOriginIsolated: boolean;

const surroundings = () => ({
  isolated: crossOriginIsolated,
  sharedMemory: "SharedArrayBuffer" in globalThis,
  ofNode: ["process", "Buffer", "require", "global"].filter((name) => name in globalThis),
  nameOfError: nameOf(() => tensor([1, 2]).add(tensor([1, 2, 3]) as never)),
});

export type Surroundings = ReturnType<typeof surroundings>;

function nameOf(f: () => unknown): string {
  try {
    f();
  } catch (error) {
    if (error instanceof ShapeError) return error.name;
    throw error;
  }
  return "nothing was thrown";
}

Object.assign(globalThis, { work, surroundings });
