import { expect, it } from "vitest";
import type { Buffer } from "@src/backend/program.js";
import { planMemory } from "@src/backend/wasm/program/plan.js";

const none = (): boolean => false;
const buffer = (id: number, elements = 1024): Buffer => ({ id, dtype: "f32", elements });

it("buffers share memory whose lives do not meet", () => {
  const [a, b, c, d] = [0, 1, 2, 3].map((id) => buffer(id));
  const { bytes, offsets } = planMemory([[a, b], [b, c], [c, d]], [d], none); // prettier-ignore
  expect(bytes).toBe(2 * 4096);
  expect(offsets.get(a)).toBe(offsets.get(c));
  expect(offsets.get(b)).toBe(offsets.get(d));
});

it("what is needed in one phase lies apart, and what is kept stays", () => {
  const [a, b, c] = [buffer(0), buffer(1, 10), buffer(2)];
  const { bytes } = planMemory([[a, b], [c]], [a, b, c], none); // prettier-ignore
  expect(bytes).toBe(4096 + 64 + 4096);
});

it("what lies elsewhere takes no room", () => {
  const [a, b] = [buffer(0), buffer(1)];
  expect(planMemory([[a, b]], [b], (x) => x === a).bytes).toBe(4096);
});
