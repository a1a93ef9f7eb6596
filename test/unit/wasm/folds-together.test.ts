import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, inspect, setBackend, setThreads, type Tensor, tensor, where } from "inkgrad";
import { backend } from "@src/backend/registry.js";
import { seeded } from "../../support/random.js";

const { threads } = backend();
const usual = threads!.threshold;
beforeAll(() => {
  threads!.threshold = 0;
});
afterAll(() => {
  threads!.threshold = usual;
  threads!.count = 2;
});

function random(seed: string, shape: readonly number[], dtype: "f32" | "f64"): Tensor {
  const next = seeded(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  const numbers = Array.from({ length: size }, () => next() - 0.5);
  return tensor(numbers, { dtype }).reshape(shape);
}
const numbersOf = (x: Tensor): number[] => (x.reshape([-1]) as Tensor).toArray() as never;

/** What the gradient of a normalisation adds up, and an extreme besides. */
const folds =
  (axes: readonly number[]) =>
  (x: Tensor, g: Tensor, s: Tensor): Tensor[] => {
    const kept: Tensor = where(x.mul(s).lessEqual(0), 0, g);
    return [kept.sum(axes), kept.mul(x.sub(s)).sum(axes), x.add(s).max(axes)] as Tensor[];
  };

const cases = [
  { what: "of few elements", shape: [3, 2], axes: [0] },
  { what: "along leading axes", shape: [9, 5, 13], axes: [0, 1] },
  { what: "along leading axes, in pieces", shape: [11, 401, 37], axes: [0, 1] },
  { what: "along the last axis", shape: [29, 77], axes: [1] },
  { what: "along the last axis, in pieces", shape: [2, 70_001], axes: [1] },
  { what: "along an axis in the middle", shape: [7, 6, 21], axes: [1] },
  { what: "of many blocks", shape: [4, 9001, 8], axes: [1] },
  { what: "of a handful of elements, for many results", shape: [40, 3, 3, 10], axes: [1, 2] },
  { what: "of everything", shape: [300, 257], axes: [0, 1] },
];

describe.each(["f32", "f64"] as const)("folds in one pass, %s", (dtype) => {
  it.each(cases)("are right $what, with the same bits on 1 and 3 threads", async (given) => {
    const { shape, axes } = given;
    const args = [random("x", shape, dtype), random("g", shape, dtype)] as [Tensor, Tensor];
    const scale = random("s", shape.slice(-1), dtype);
    const f = folds(axes);
    expect(
      inspect(f, ...args, scale)
        .kernels.map(({ name }) => name)
        .join(" "),
    ).toContain("3 × ");

    setThreads(1);
    const found = compile(f)(...args, scale).map(numbersOf);
    setThreads(3);
    await threads!.ready();
    expect(compile(f)(...args, scale).map(numbersOf)).toEqual(found);

    setBackend("reference");
    const [x, g, s] = [...args, scale].map((t): Tensor => t.add(0));
    const expected = f(x, g, s).map(numbersOf);
    setBackend("wasm");
    const tolerance = (dtype === "f64" ? 1e-13 : 1e-5) * Math.sqrt(args[0].size);
    found.forEach((part, i) => {
      part.forEach((value, j) => {
        expect(Math.abs(value - expected[i][j])).toBeLessThan(tolerance);
      });
    });
  });
});
