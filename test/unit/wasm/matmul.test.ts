import { afterAll, expect, it } from "vitest";
import { compile, type Tensor, tensor } from "inkgrad";
import { backendNamed } from "@src/backend/registry.js";
import { seeded } from "../../support/random.js";

const threads = backendNamed("wasm").threads!;
const usual = threads.threshold;
afterAll(() => {
  threads.threshold = usual;
});

/** Small whole numbers: their products and sums are exact, so that every bit must agree. */
const numbers = (n: number, by: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => ((i * by) % 13) - 6);

function expectedProduct(x: Float32Array, y: Float32Array, m: number, k: number, n: number) {
  const out = new Float32Array(m * n);
  for (let i = 0; i < m; i++)
    for (let l = 0; l < k; l++) {
      const factor = x[i * k + l];
      for (let j = 0; j < n; j++) out[i * n + j] += factor * y[l * n + j];
    }
  return out;
}

const reversed = (x: Float32Array): Float32Array => x.slice().reverse();

function transposed(x: Float32Array, rows: number, columns: number): Float32Array {
  return x.map((_, at) => x[(at % rows) * columns + Math.floor(at / rows)]);
}

/** All four transposed forms in one program; says which of them is wrong where. */
async function wrong(m: number, k: number, n: number): Promise<string | null> {
  const [a, b] = [numbers(m * k, 7), numbers(k * n, 5)];
  const forms = compile((x: Tensor, xt: Tensor, y: Tensor, yt: Tensor) =>
    [x, xt.transpose()].flatMap((left) => [y, yt.transpose()].map((right) => left.matmul(right))),
  );
  const results = forms(
    tensor(a, { shape: [m, k] }),
    tensor(transposed(a, m, k), { shape: [k, m] }),
    tensor(b, { shape: [k, n] }),
    tensor(transposed(b, k, n), { shape: [n, k] }),
  );
  const expected = expectedProduct(a, b, m, k, n);
  for (const [form, result] of results.entries()) {
    const found = (await result.data()) as Float32Array;
    const at = expected.findIndex((x, i) => x !== found[i]);
    if (at >= 0)
      return `${m}×${k}×${n}, form ${form}, element ${at}: ${found[at]} for ${expected[at]}`;
  }
  return null;
}

it("is right for every length of each dimension, in all four transposed forms", async () => {
  const faults: (string | null)[] = [];
  for (let length = 1; length <= 67; length++)
    for (const p of [1, 7, 64])
      for (const q of [1, 7, 64]) {
        faults.push(await wrong(length, p, q));
        faults.push(await wrong(p, length, q));
        faults.push(await wrong(p, q, length));
      }
  expect(faults.filter((fault) => fault !== null)).toEqual([]);
  expect(faults).toHaveLength(67 * 27);
}, 120_000);

it("is right for 500 random sizes, on two threads", async () => {
  threads.count = 2;
  threads.threshold = 0;
  await threads.ready();
  const next = seeded("sizes of products");
  const size = (): number => Math.max(1, Math.round(Math.exp(next() * Math.log(150))));
  const faults: (string | null)[] = [];
  for (let i = 0; i < 500; i++) faults.push(await wrong(size(), size(), size()));
  expect(faults.filter((fault) => fault !== null)).toEqual([]);
}, 120_000);

it("is right beyond blocks of depth and of rows", async () => {
  for (const [m, k, n] of [
    [3, 1257, 10],
    [40, 1257, 10],
    [41, 2101, 3],
    [121, 512, 9],
    [400, 1030, 70],
    [1, 3000, 130],
    [500, 3, 500],
  ])
    expect(await wrong(m, k, n)).toBeNull();
});

it("is right for sides that are flipped", async () => {
  const flipped = (x: Float32Array, rows: number, columns: number): Tensor =>
    (tensor(x, { shape: [rows, columns] }) as Tensor).flip([0, 1]);
  for (const [m, k, n] of [
    [3, 2, 1],
    [40, 9, 33],
  ]) {
    const [a, b] = [numbers(m * k, 7), numbers(k * n, 5)];
    const expected = expectedProduct(reversed(a), reversed(b), m, k, n);
    const [x, y] = [tensor(reversed(a), { shape: [m, k] }), tensor(reversed(b), { shape: [k, n] })];
    for (const result of [
      flipped(a, m, k).matmul(flipped(b, k, n)),
      x.matmul(flipped(b, k, n)),
      flipped(a, m, k).matmul(y),
    ])
      expect(await result.data()).toEqual(expected);
  }
});

it("takes nothing from beside a row, whatever lies there", async () => {
  for (const [m, k, n] of [
    [20, 66, 10],
    [17, 1027, 1],
    [33, 67, 9],
  ]) {
    const [a, b] = [numbers(m * k, 7), numbers(k * n, 5)];
    const expected = expectedProduct(a, b, m, k, n);
    a.fill(Infinity, k, 2 * k);
    const product = compile((x: Tensor, y: Tensor) => x.matmul(y));
    const found = (await product(
      tensor(a, { shape: [m, k] }),
      tensor(b, { shape: [k, n] }),
    ).data()) as Float32Array;
    const others = (list: Float32Array): number[] =>
      [...list].filter((_, i) => Math.floor(i / n) !== 1);
    expect(others(found)).toEqual(others(expected));
  }
});
