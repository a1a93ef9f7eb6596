import { expect, it } from "vitest";
import {
  arange,
  compile,
  grad,
  IndexError,
  take,
  type Tensor,
  tensor,
  TraceError,
  valueAndGrad,
  vmap,
  zeros,
} from "inkgrad";

it("gives what the function itself gives, for every form of its arguments", () => {
  let traced = 0;
  const f = (x: Tensor, { scale, by }: { scale: number; by: Tensor }) => {
    traced++;
    return { a: x.mul(scale).add(by).tanh(), b: [x.sum(), "note", null] as const };
  };
  const g = compile(f);
  for (const shape of [[2, 3], [4], [2, 3], []])
    for (const scale of [1, 2, 1]) {
      const x = zeros(shape).add(0.5) as Tensor;
      const [found, expected] = [g(x, { scale, by: tensor(1) }), f(x, { scale, by: tensor(1) })];
      traced--;
      expect(found.a.toArray()).toEqual(expected.a.toArray());
      expect(found.b[0].item()).toBe(expected.b[0].item());
      expect(found.b.slice(1)).toEqual(["note", null]);
    }
  expect(traced).toBe(6);
});

it("takes the program of the call before only for arguments of the same form", () => {
  const f = (x: Tensor, { by, name }: { by: Tensor; name: string | number }) => [
    x.mul(2).add(by),
    name,
  ];
  const g = compile(f as (...args: unknown[]) => [Tensor, unknown]);
  const [x, by] = [tensor([1, 2]), tensor(1)];
  const calls: [Tensor, { by: Tensor; name: string | number }][] = [
    [x, { by, name: "a" }],
    [x, { by, name: "a" }],
    [x, { by, name: "b" }],
    [x, { by, name: 0 }],
    [x, { by, name: -0 }],
    [x, { name: -0, by }],
    [tensor([[1, 2]]), { by, name: -0 }],
    [x.cast("f64"), { by: by.cast("f64"), name: -0 }],
    [x.add(1), { by: by.mul(3), name: -0 }],
  ];
  for (const [first, second] of [...calls, ...calls]) {
    const [found, name] = g(first, second);
    const expected = f(first, second)[0] as Tensor;
    expect(found.toArray()).toEqual(expected.toArray());
    expect([found.dtype, found.shape]).toEqual([expected.dtype, expected.shape]);
    expect(name).toBe(second.name);
  }
  // A derivative needs the graph, also right behind a call that did not.
  const plain = compile((y: Tensor<[]>) => y.mul(y));
  expect(plain(tensor(3)).item()).toBe(9);
  expect(grad((y: Tensor<[]>) => plain(y))(tensor(3)).item()).toBe(6);
});

it("changes what it is given in place", () => {
  const step = compile(
    (state: { w: Tensor<[3]>; t: Tensor<[]> }, g: Tensor<[3]>) => ({
      state: { w: state.w.sub(g.mul(state.t)), t: state.t.add(1) },
      norm: state.w.mul(state.w).sum(),
    }),
    { donate: 0 },
  );
  const first = { w: tensor([1, 2, 3]), t: tensor(1) };
  const g = tensor([1, 0, -1]);
  const second = step(first, g);
  expect(second.norm.item()).toBe(14);
  const third = step(second.state, g);
  expect(third.norm.item()).toBe(0 + 4 + 16);
  expect(third.state.w.toArray()).toEqual([-2, 2, 6]);
  expect(third.state.t.item()).toBe(3);
  // What was given up is gone, and says so.
  expect(() => second.state.w.toArray()).toThrow(TraceError);
  expect(() => second.state.w.toArray()).toThrow("given up to a compiled function (option donate)");
});

it("keeps apart what is given up twice or used besides", () => {
  const f = compile((x: Tensor<[2]>, y: Tensor<[2]>) => [x.add(1), y.mul(2).add(x)] as const, {
    donate: [0, 1],
  });
  let [a] = f(tensor([1, 2]), tensor([3, 4]));
  [a] = f(a, a);
  expect(a.toArray()).toEqual([3, 4]);
  const [b, c] = f(a, a);
  expect(b.toArray()).toEqual([4, 5]);
  expect(c.toArray()).toEqual([9, 12]);
});

it("leaves what the function has from outside as it is, though it is given up, too", () => {
  const grown = compile((x: Tensor) => x.add(1), { donate: 0 });
  const w = grown(arange(100));
  const sum = (5050 * 4).toString();
  const f = compile(
    (x: Tensor) => {
      const next = x.mul(3);
      return [next, next.sum().add(w.sum()), next.add(w.flip(0))] as const;
    },
    { donate: 0 },
  );
  for (let i = 0; i < 2; i++) {
    const [next, total, mixed] = f(w);
    expect(String(total.item())).toBe(sum);
    expect(mixed.toArray()).toEqual(Array.from({ length: 100 }, (_, k) => 3 * (k + 1) + 100 - k));
    expect(next.sum().item()).toBe(5050 * 3);
  }
});

it("does not give out what a failed run has begun to write over, and keeps the rest", () => {
  const grown = compile((x: Tensor) => x.add(1), { donate: 0 });
  const at = (i: number): Tensor => tensor([i], { dtype: "i32" });
  const late = compile(
    (x: Tensor, i: Tensor) => {
      const next = x.add(1);
      return [next, take(next, i, 0)] as const;
    },
    { donate: 0 },
  );
  const lost = grown(zeros([100]));
  expect(() => late(lost, at(500))).toThrow(IndexError);
  expect(() => lost.toArray()).toThrow("failed when it had begun to write its result over it");
  expect(() => late(lost, at(5))).toThrow(TraceError);

  const early = compile((x: Tensor, i: Tensor) => x.add(take(x.mul(2), i, 0)), { donate: 0 });
  const kept = grown(zeros([100]));
  expect(() => early(kept, at(500))).toThrow(IndexError);
  expect(early(kept, at(5)).sum().item()).toBe(300);
});

it("gives the function objects with their keys as they were written", () => {
  const layers = { second: tensor([2, 3]), first: tensor([5, 7]) };
  const order = compile((tree: Record<string, Tensor>) =>
    Object.values(tree).reduce((x, y) => x.mul(10).add(y)),
  );
  expect(order(layers).toArray()).toEqual([25, 37]);
  expect(order({ first: layers.first, second: layers.second }).toArray()).toEqual([52, 73]);
  expect(Object.keys(compile((tree: typeof layers) => tree)(layers))).toEqual(["second", "first"]);
});

it("returns arguments as they are, exchanged, and the old value beside the new", () => {
  const f = compile((x: Tensor<[2]>, y: Tensor<[2]>) => [y, x, x.add(y), x] as const, {
    donate: [0, 1],
  });
  let [x, y]: readonly Tensor<[2]>[] = [tensor([1, 2]), tensor([5, 6])];
  for (let i = 0; i < 3; i++) {
    const [nextX, nextY, sum, old] = f(x, y);
    expect(sum.toArray()).toEqual([6, 8]);
    expect(old.toArray()).toEqual(i % 2 === 0 ? [1, 2] : [5, 6]);
    [x, y] = [nextX, nextY];
  }
  expect(x.toArray()).toEqual([5, 6]);
});

it("is the function itself inside other transforms, whose derivatives reach through it", () => {
  const square = compile((x: Tensor<[]>) => x.mul(x));
  expect(grad((x: Tensor<[]>) => square(x).mul(3))(tensor(2)).item()).toBe(12);
  expect(vmap(square)(tensor([1, 2, 3])).toArray()).toEqual([1, 4, 9]);
  // A tensor from outside that is being differentiated is no constant.
  const byClosure = grad((w: Tensor<[]>) => compile((x: Tensor<[]>) => x.mul(w))(tensor(5)));
  expect(byClosure(tensor(2)).item()).toBe(5);
  const twice = compile((x: Tensor<[]>) => square(square(x)));
  expect(twice(tensor(3)).item()).toBe(81);
});

it("compiles gradients, and takes tensors from outside as constants", () => {
  const w = tensor([[1, 2], [3, 4]]).mul(2); // prettier-ignore
  const loss = (x: Tensor<[2]>) =>
    w
      .matmul(x.reshape([2, 1]))
      .sin()
      .sum();
  const step = compile((x: Tensor<[2]>) => valueAndGrad(loss)(x));
  const x = tensor([0.5, -0.25]);
  const [value, gradient] = step(x);
  const [expectedValue, expected] = valueAndGrad(loss)(x);
  expect(value.item()).toBeCloseTo(expectedValue.item(), 6);
  expect(gradient.toArray()[0]).toBeCloseTo(expected.toArray()[0], 5);
});

it("says what it does not take", () => {
  type Any = (...args: unknown[]) => unknown;
  const untyped = (f: unknown) => compile(f as Any);
  expect(() => untyped((x: Tensor<[]>) => x.item())(tensor(1))).toThrow(TraceError);
  expect(() => untyped(async () => Promise.resolve(tensor(1)))()).toThrow("cannot be async");
  expect(() => compile(() => tensor(1), { donate: -1 })).toThrow("counted from 0");
  expect(() => compile((x: Tensor<[]>) => x.mul(2), { donate: 1 })(tensor(1))).toThrow(
    "donate names argument 1, and a compiled function was called with 1",
  );
  expect(() => compile(() => tensor(1), null as never)).toThrow("expected options such as");
  expect(() => untyped((x: object) => x)(new Map())).toThrow("class Map");
});

it("keeps the programs of the last 64 forms of its arguments, and no others", () => {
  let tracings = 0;
  const f = compile((x: Tensor) => {
    tracings++;
    return x.add(1).sum();
  });
  const call = (n: number): number => {
    expect(f(zeros([n]) as Tensor).item()).toBe(n);
    return tracings;
  };
  for (let n = 1; n <= 200; n++) expect(call(n)).toBe(n);
  // The 64th from the end is still there, and now the youngest; the 65th is not.
  expect(call(200)).toBe(200);
  expect(call(137)).toBe(200);
  expect(call(136)).toBe(201);
  expect(call(137)).toBe(201);
  expect(call(138)).toBe(202);
});
