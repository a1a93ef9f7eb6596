import { expect, it } from "vitest";
import { setBackend, tensor } from "inkgrad";
import { backend } from "@src/backend/registry.js";

const usual = backend().name;
const numbers = (n: number, by: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => ((i * by) % 13) - 6);

/** Small whole numbers: their products and sums are exact, so that every bit must agree. */
function product(m: number, k: number, n: number, form: number): unknown {
  const x = tensor(numbers(m * k, 7), { shape: form & 1 ? [k, m] : [m, k] });
  const y = tensor(numbers(k * n, 5), { shape: form & 2 ? [n, k] : [k, n] });
  const [left, right] = [form & 1 ? x.transpose() : x, form & 2 ? y.transpose() : y];
  return left.matmul(right).toArray();
}

function both(f: () => unknown): [unknown, unknown] {
  const results = ["wasm", "reference"].map((name) => {
    setBackend(name);
    return f();
  });
  setBackend(usual);
  return results as [unknown, unknown];
}

it("matmul is right for every size around its tiles, in all four transposed forms", () => {
  for (const m of [1, 4, 5, 6, 11])
    for (const n of [1, 3, 4, 7, 8, 9, 17])
      for (const k of [1, 3, 4, 5, 9])
        for (let form = 0; form < 4; form++) {
          const [found, expected] = both(() => product(m, k, n, form));
          expect(found, `${m}×${k}×${n}, form ${form}`).toEqual(expected);
        }
});

it("matmul is right beyond one block of depth and of rows", () => {
  for (const [m, k, n] of [
    [3, 257, 10],
    [121, 512, 9],
    [241, 600, 3],
  ])
    for (let form = 0; form < 4; form++) {
      const [found, expected] = both(() => product(m, k, n, form));
      expect(found, `${m}×${k}×${n}, form ${form}`).toEqual(expected);
    }
});
