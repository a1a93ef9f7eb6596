import { describe, expect, it } from "vitest";
import {
  allClose,
  checkGradients,
  checkpoint,
  customGradient,
  directionalDerivative,
  DTypeError,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  ShapeError,
  stopGradient,
  take,
  tensor,
  type Tensor,
  TraceError,
  valueAndGrad,
  vjp,
  vmap,
} from "inkgrad";

const f64 = { dtype: "f64" } as const;
const scalar = (x: number): Tensor<[], "f64"> => tensor(x, f64);
const vector = (...xs: number[]): Tensor<[number], "f64"> => tensor(new Float64Array(xs));

describe("grad", () => {
  const f = (x: Tensor<[]>, y: Tensor<[]>) => x.mul(y).add(x.sin());

  it("gives the derivatives of several arguments", () => {
    const [dx, dy] = grad(f, [0, 1])(tensor(2), tensor(3));
    expect(dx.item()).toBeCloseTo(Math.cos(2) + 3, 6);
    expect(dy.item()).toBe(2);
  });

  it("gives a tree for a tree, with zeros for what does not matter", () => {
    const loss = (p: { w: Tensor<[number], "f64">; layers: Tensor<[], "f64">[] }) =>
      p.w.mul(p.layers[0]).sum();
    const g = grad(loss)({ w: vector(1, 2), layers: [scalar(3), scalar(4)] });
    expect(g.w.toArray()).toEqual([3, 3]);
    expect(g.layers.map((x) => x.item())).toEqual([3, 0]);
  });

  it("nests to any order", () => {
    let g: (x: Tensor<[], "f64">) => Tensor<[], "f64"> = (x) => x.sin();
    const expected = [Math.sin, Math.cos, (x: number) => -Math.sin(x), (x: number) => -Math.cos(x)];
    for (let order = 0; order < 6; order++) {
      expect(g(scalar(0.7)).item()).toBeCloseTo(expected[order % 4](0.7), 12);
      const before = g;
      g = grad(before);
    }
  });

  it("does not confuse the variables of nested functions", () => {
    // d/dx (x · d/dy (x + y)) = 1
    const outer = grad((x: Tensor<[], "f64">) =>
      x.mul(grad((y: Tensor<[], "f64">) => x.add(y))(scalar(1))),
    );
    expect(outer(scalar(5)).item()).toBe(1);
  });

  it("sees through tensors that were computed before", () => {
    const x = scalar(2);
    const y = x.mul(3);
    expect(grad((v: Tensor<[], "f64">) => v.mul(y))(x).item()).toBe(6);
  });

  it("lets values be read and branched on inside the function", () => {
    const g = grad((x: Tensor<[], "f64">) => (x.item() > 0 ? x.mul(x) : x.neg()));
    expect(g(scalar(3)).item()).toBe(6);
    expect(g(scalar(-3)).item()).toBe(-1);
  });

  it("keeps the gradient through a value that was read on the way", () => {
    const g = grad((x: Tensor<[], "f64">) => {
      const y = x.exp();
      y.item();
      return y.mul(y);
    });
    expect(g(scalar(1)).item()).toBeCloseTo(2 * Math.exp(2), 12);
  });

  it("hands out what comes beside the value", () => {
    const [g, aux] = grad((x: Tensor<[], "f64">) => [x.mul(x), { seen: x.add(1) }] as const, 0, {
      hasAux: true,
    })(scalar(3));
    expect(g.item()).toBe(6);
    expect((aux as { seen: Tensor }).seen.item()).toBe(4);
  });

  it("refuses an argument chosen twice, which would get half its gradient", () => {
    expect(() => grad(f, [0, 0])(scalar(1), scalar(2))).toThrow(/each once, got \[0, 0\]/);
  });

  it("names what is no function", () => {
    const none = undefined as unknown as (x: Tensor) => Tensor<[]>;
    expect(() => grad(none)(scalar(1))).toThrow(/grad: expected a function .*got undefined/);
    expect(() => jvp(none, [scalar(1)], [scalar(1)])).toThrow(/jvp: expected a function/);
  });

  it("refuses what has no gradient, in a sentence", () => {
    const loose = grad as unknown as (f: (x: Tensor) => unknown) => (x: Tensor) => unknown;
    expect(() => loose((x) => x)(vector(1, 2))).toThrow(ShapeError);
    expect(() => loose((x) => x)(vector(1, 2))).toThrow(
      "grad: the function must return a scalar, it returns [2]; sum it, or use jacobian",
    );
    expect(() => loose((x) => x)(tensor(1, { dtype: "i32" }))).toThrow(DTypeError);
    expect(() => loose(() => 3)(scalar(1))).toThrow(
      "must return a scalar tensor, it returned the number 3",
    );
    expect(() => loose((x) => Promise.resolve(x))(scalar(1))).toThrow(TraceError);
  });
});

describe("valueAndGrad", () => {
  it("gives both", () => {
    const [value, g] = valueAndGrad((x: Tensor<[], "f64">) => x.mul(x))(scalar(3));
    expect([value.item(), g.item()]).toEqual([9, 6]);
  });

  it("gives what JSON.stringify can write", () => {
    const [value, slope] = valueAndGrad((x: Tensor<[number], "f64">) => x.mul(x).sum())(
      vector(1, 2),
    );
    expect(JSON.stringify({ value, slope })).toBe('{"value":5,"slope":[2,4]}');
  });
});

describe("vjp and jvp", () => {
  const f = (x: Tensor<[number], "f64">) => x.mul(x).mul(x.sum());

  it("are transposes of each other", () => {
    const x = vector(1, 2, 3);
    const [u, v] = [vector(0.3, -1, 2), vector(1, 0.5, -0.25)];
    const [, pullBack] = vjp(f, x);
    const [, tangent] = jvp(f, [x], [v]);
    const left = pullBack(u)[0].mul(v).sum().item();
    expect(tangent.mul(u).sum().item()).toBeCloseTo(left, 12);
  });

  it("give the value too, and take trees", () => {
    const swap = ({ a, b }: { a: Tensor<[], "f64">; b: Tensor<[], "f64"> }) => ({
      p: a.mul(b),
      q: b.exp(),
    });
    const [value, tangent] = jvp(
      swap,
      [{ a: scalar(2), b: scalar(0) }],
      [{ a: scalar(1), b: scalar(1) }],
    );
    expect([value.p.item(), value.q.item()]).toEqual([0, 1]);
    expect([tangent.p.item(), tangent.q.item()]).toEqual([2, 1]);
    const [, pullBack] = vjp(swap, { a: scalar(2), b: scalar(0) });
    const [g] = pullBack({ p: scalar(1), q: scalar(10) });
    expect([g.a.item(), g.b.item()]).toEqual([0, 12]);
  });

  it("refuse vectors of another shape", () => {
    const [, pullBack] = vjp(f, vector(1, 2, 3));
    expect(() => pullBack(vector(1, 2))).toThrow("vjp: the cotangent: expected shape [3], got [2]");
  });

  it("give the rate of change along a direction", () => {
    const d = directionalDerivative(
      (x: Tensor<[number], "f64">) => x.mul(x).sum(),
      vector(1, 2),
      vector(1, 1),
    );
    expect(d.item()).toBe(6);
  });
});

describe("jacobian and hessian", () => {
  const f = (x: Tensor<[number], "f64">) =>
    x.matmul(tensor(new Float64Array([1, 2, 3, 4, 5, 6]), { shape: [2, 3] })).exp();

  it("agree in both modes", () => {
    const x = vector(0.1, -0.2);
    const rows = jacobian(f, 0, { mode: "reverse" })(x).toArray() as number[][];
    const columns = jacobian(f, 0, { mode: "forward" })(x).toArray() as number[][];
    rows.forEach((row, i) => row.forEach((v, j) => expect(columns[i][j]).toBeCloseTo(v, 12)));
    expect(rows[0][0]).toBeCloseTo(Math.exp(0.1 * 1 - 0.2 * 4), 12);
  });

  it("give a tree of trees for trees", () => {
    const g = (p: { a: Tensor<[], "f64">; b: Tensor<[number], "f64"> }) => ({ y: p.b.mul(p.a) });
    const j = jacobian(g)({ a: scalar(2), b: vector(3, 4) });
    expect(j.y.a.toArray()).toEqual([3, 4]);
    expect(j.y.b.toArray()).toEqual([
      [2, 0],
      [0, 2],
    ]);
  });

  it("give second derivatives, and their products with a vector", () => {
    const q = (x: Tensor<[number], "f64">) => x.mul(x).mul(x).sum().add(x.prod());
    const h = hessian(q)(vector(2, 3));
    expect(h.toArray()).toEqual([
      [12, 1],
      [1, 18],
    ]);
    expect(hvp(q, vector(2, 3), vector(1, -1)).toArray()).toEqual([11, -17]);
  });

  it("give third derivatives", () => {
    const third = jacobian(hessian((x: Tensor<[number], "f64">) => x.mul(x).mul(x).sum()));
    expect(third(vector(2, 3)).toArray()).toEqual([
      [
        [6, 0],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 6],
      ],
    ]);
  });
});

describe("vmap", () => {
  it("is a loop without the loop", () => {
    const f = (x: Tensor<[3], "f64">, w: Tensor<[3], "f64">) => x.mul(w).sum().sin();
    const xs = tensor(new Float64Array([1, 2, 3, 4, 5, 6]), { shape: [2, 3] });
    const w = tensor(new Float64Array([0.1, 0.2, 0.3]), { shape: [3] });
    const y = vmap(f, { inAxes: [0, null] })(xs, w);
    expect(y.toArray().map((v) => v.toFixed(12))).toEqual(
      [Math.sin(1.4), Math.sin(3.2)].map((v) => v.toFixed(12)),
    );
  });

  it("gives gradients for each example", () => {
    const g = vmap(grad((x: Tensor<[], "f64">) => x.mul(x).mul(x)));
    expect(g(vector(1, 2, 3)).toArray()).toEqual([3, 12, 27]);
  });

  it("can be differentiated through, and nested", () => {
    const square = vmap((x: Tensor<[], "f64">) => x.mul(x));
    expect(grad((x: Tensor<[number], "f64">) => square(x).sum())(vector(1, 2)).toArray()).toEqual([
      2, 4,
    ]);
    const table = vmap((a: Tensor<[], "f64">) =>
      vmap((b: Tensor<[], "f64">) => a.mul(b))(vector(1, 2)),
    );
    expect(table(vector(3, 4)).toArray()).toEqual([
      [3, 6],
      [4, 8],
    ]);
  });

  it("puts the axis where it is asked to", () => {
    const y = vmap((x: Tensor<[number], "f64">) => x.mul(2), { inAxes: 1, outAxes: 1 })(
      tensor(new Float64Array([1, 2, 3, 4, 5, 6]), { shape: [2, 3] }),
    );
    expect(y.toArray()).toEqual([
      [2, 4, 6],
      [8, 10, 12],
    ]);
  });

  it("refuses to read values, and batches of two sizes", () => {
    expect(() =>
      vmap((x: Tensor<[], "f64">) => (x.item() > 0 ? x : x.neg()))(vector(1, 2)),
    ).toThrow(TraceError);
    const add = vmap((x: Tensor<[], "f64">, y: Tensor<[], "f64">) => x.add(y));
    expect(() => add(vector(1, 2), vector(1, 2, 3))).toThrow(
      "batch sizes of the arguments differ, 2 and 3",
    );
  });
});

describe("gradients of one's own", () => {
  it("stop", () => {
    expect(grad((x: Tensor<[], "f64">) => x.mul(stopGradient(x)))(scalar(3)).item()).toBe(3);
  });

  it("are taken in place of the graph's, also in a batch and twice", () => {
    const clipped = customGradient(
      (x: Tensor<[], "f64">) => x.mul(x),
      (c, _y, x) => [c.mul(x).mul(x).mul(x)],
    );
    expect(grad(clipped)(scalar(2)).item()).toBe(8);
    expect(grad(grad(clipped))(scalar(2)).item()).toBe(12);
    expect(vmap(grad(clipped))(vector(1, 2)).toArray()).toEqual([1, 8]);
  });

  it("must come as a list", () => {
    const f = customGradient(
      (x: Tensor<[], "f64">) => x.mul(2),
      () => undefined as never,
    );
    expect(() => grad(f)(scalar(1))).toThrow(/what the rule gives must be a list.*undefined/);
  });

  it("must be shaped like the arguments", () => {
    const wrong = customGradient(
      (x: Tensor<[number], "f64">) => x.sum(),
      (c) => [c],
    );
    expect(() => grad(wrong)(vector(1, 2))).toThrow("must have its shape [2], got []");
  });
});

describe("checkpoint", () => {
  it("gives them through a batch too, wherever the batch stands", () => {
    const plain = (r: Tensor<[3], "f64">) => r.sin().mul(r.sum()).sum();
    const saving = checkpoint(plain);
    const x = tensor(
      [
        [1, 2, 3],
        [-1, 0.5, 2],
      ],
      f64,
    );
    const through = (f: typeof plain) => (v: typeof x) => vmap(f)(v).square().sum();
    expect(grad(through(saving))(x).toArray()).toEqual(grad(through(plain))(x).toArray());
    const around = checkpoint((v: typeof x) => vmap(grad(saving))(v).square().sum());
    const wanted = grad((v: typeof x) => vmap(grad(plain))(v).square().sum())(x);
    expect(allClose(grad(around)(x), wanted)).toBe(true);
  });

  it("gives them through a batch of indices", () => {
    const x = tensor([1, 2, 3], f64);
    const at = tensor([2, 0, 2], { dtype: "i32" });
    const f = checkpoint((i: Tensor<[], "i32">, v: typeof x) => take(v, i, 0).square());
    const loss = (v: typeof x) => vmap((i: Tensor<[], "i32">) => f(i, v))(at).sum();
    expect(grad(loss)(x).toArray()).toEqual([2, 0, 12]);
  });

  it("gives the same gradients, to arguments and to values from outside", () => {
    const w = vector(0.5, -1);
    const block = (x: Tensor<[number], "f64">) => x.mul(w).tanh().exp();
    const plain = (x: Tensor<[number], "f64">) => block(block(x)).sum();
    const saved = (x: Tensor<[number], "f64">) => checkpoint(block)(checkpoint(block)(x)).sum();
    expect(grad(saved)(vector(1, 2)).toArray()).toEqual(grad(plain)(vector(1, 2)).toArray());
    expect(hessian(saved)(vector(1, 2)).toArray()).toEqual(hessian(plain)(vector(1, 2)).toArray());
    const outside = (v: Tensor<[number], "f64">) =>
      checkpoint((x: Tensor<[number], "f64">) => x.mul(v).sin())(vector(1, 2)).sum();
    expect(grad(outside)(w).toArray()).toEqual([Math.cos(0.5), 2 * Math.cos(-2)]);
  });
});

describe("checkGradients", () => {
  it("passes a right gradient and catches a wrong one", () => {
    const right = checkGradients((x: Tensor) => x.sin().mul(x), [vector(0.3, 1.7)]);
    expect(right.maxError).toBeLessThan(1e-8);
    expect(right.entries).toHaveLength(2);
    const wrong = customGradient(
      (x: Tensor) => x.sin(),
      (c) => [c],
    );
    expect(() => checkGradients(wrong, [vector(0.3, 1.7)])).toThrow(
      "checkGradients: element 1 of argument 0",
    );
  });

  it("offers one-sided differences at the edge of a domain", () => {
    const edge = (x: Tensor) => x.pow(1.5);
    expect(
      checkGradients(edge, [vector(0)], { method: "forward", tolerance: 1e-3 }).maxError,
    ).toBeGreaterThan(0);
    expect(() => checkGradients(edge, [vector(0)])).toThrow();
    expect(
      checkGradients((x: Tensor) => x.exp(), [vector(0)], { method: "backward" }).maxError,
    ).toBeLessThan(1e-6);
  });
});
