import { expect, test } from "vitest";
import { arange, maxPool2d, random, vmap } from "inkgrad";

test("a list of sizes can be used again for something else once a call has returned", () => {
  const [shape, drawn, window] = [[3, 2], [4], [2, 2]];
  const x = arange(6).reshape(shape);
  const n = random.integers(random.key(1), drawn, { max: 5 });
  const p = maxPool2d(arange(16).reshape([1, 4, 4, 1]), window as [number, number]);
  for (const list of [shape, drawn, window]) list.splice(0, list.length, 9, 9, 9);
  expect(x.toArray()).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
  ]);
  expect([x.shape, n.shape, p.shape]).toEqual([[3, 2], [4], [1, 2, 2, 1]]);
  expect(n.toArray()).toHaveLength(4);
  expect(p.flatten().toArray()).toEqual([5, 7, 13, 15]);
});

test("and so in a function that is traced", () => {
  const sizes = [3, 1];
  const f = vmap((row: ReturnType<typeof arange>) => {
    const tall = row.reshape(sizes);
    sizes.splice(0, 2, 9, 9);
    return tall;
  });
  expect(f(arange(6).reshape([2, 3])).shape).toEqual([2, 3, 1]);
});
