import { describe, expect, it } from "vitest";
import { checkpoint, explain, grad, type Tensor, TraceError, tensor, vmap } from "inkgrad";

const lines = (...text: string[]): string => text.join("\n");

describe("explain", () => {
  it("lets one follow f(x, y) = x·y + sin x by hand", () => {
    const f = explain({ names: ["x", "y"] }, (x, y) => x.mul(y).add(x.sin()), tensor(2), tensor(3));
    expect(f.toString()).toBe(
      lines(
        "name  operation    type  value      gradient",
        "x     argument     f32   2          2.583853",
        "y     argument     f32   3          2",
        "%1    mul(x, y)    f32   6          1",
        "%2    sin(x)       f32   0.9092974  1",
        "out   add(%1, %2)  f32   6.909297   1",
      ),
    );
    const [x, , , , out] = f.nodes;
    expect(x.gradient).toBeCloseTo(3 + Math.cos(2), 6);
    expect(out.value).toBeCloseTo(6 + Math.sin(2), 6);
  });

  it("names the tensors of a tree by their places and shows constants, views and long values", () => {
    const params = {
      w: tensor([
        [0.5, -1],
        [2, 0.25],
        [1, 1],
      ]),
      b: [tensor([0.1, 0.2])],
    };
    const e = explain(
      (p, x) => x.matmul(p.w).add(p.b[0]).mul(2).sum(),
      params,
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    expect(e.toString()).toBe(
      lines(
        "name       operation              type       value                           gradient",
        "arg0.w     argument               f32[3, 2]  [[0.5, -1], [2, 0.25], [1, 1]]  [[10, 10], [14, 14], [18, 18]]",
        "arg0.b[0]  argument               f32[2]     [0.1, 0.2]                      all 4",
        "arg1       argument               f32[2, 3]  [[1, 2, 3], [4, 5, 6]]          [[-1, 4.5, 4], [-1, 4.5, 4]]",
        "%1         matmul(arg1, arg0.w)   f32[2, 2]  [[7.5, 2.5], [18, 3.25]]        all 2",
        "%2         expand(arg0.b[0])      f32[2, 2]  [[0.1, 0.2], [0.1, 0.2]]        all 2",
        "%3         add(%1, %2)            f32[2, 2]  [[7.6, 2.7], [18.1, 3.45]]      all 2",
        "%4         constant               f32[2, 2]  all 2",
        "%5         mul(%3, %4)            f32[2, 2]  [[15.2, 5.4], [36.2, 6.9]]      all 1",
        "out        sum(%5, axes: [0, 1])  f32        63.7                            1",
      ),
    );
  });

  it("leaves the gradients out where the result is no single scalar of a float type", () => {
    const x = tensor([1, 2, 3, 4, 5, 6, 7]);
    expect(explain((v) => ({ twice: v.mul(2), all: [v.sum()] }), x).toString()).toBe(
      lines(
        "name        operation             type    value",
        "arg0        argument              f32[7]  [1, 2, 3, …, 7]",
        "%1          constant              f32[7]  all 2",
        "out.twice   mul(arg0, %1)         f32[7]  [2, 4, 6, …, 14]",
        "out.all[0]  sum(arg0, axes: [0])  f32     28",
      ),
    );
    const whole = explain((v) => v.sum(), tensor([1, 2], { dtype: "i32" }));
    expect(whole.nodes.map((node) => node.gradient)).toEqual([null, null]);
  });

  it("shows an argument that does not matter, without a gradient", () => {
    const e = explain((x, _y) => x.exp(), tensor(0), tensor(5));
    expect(e.nodes.map(({ name, gradient }) => [name, gradient])).toEqual([
      ["arg0", 1],
      ["arg1", null],
      ["out", 1],
    ]);
  });

  it("takes what f did not compute itself for a constant", () => {
    const w = tensor(2).mul(3).add(1);
    const e = explain((x, n: number) => x.mul(w).add(n), tensor(2), 10);
    expect(e.toString()).toBe(
      lines(
        "name  operation      type  value  gradient",
        "arg0  argument       f32   2      7",
        "%1    constant       f32   7",
        "%2    mul(arg0, %1)  f32   14     1",
        "%3    constant       f32   10",
        "out   add(%2, %3)    f32   24     1",
      ),
    );
  });

  it("gives plain nodes and edges to draw", () => {
    const { nodes, edges, outputs } = explain((x) => x.mul(x), tensor([3]));
    expect(nodes).toEqual([
      {
        id: 1,
        name: "arg0",
        op: "argument",
        attrs: [],
        inputs: [],
        shape: [1],
        dtype: "f32",
        value: [3],
        gradient: null,
      },
      {
        id: 2,
        name: "out",
        op: "mul",
        attrs: [],
        inputs: [1, 1],
        shape: [1],
        dtype: "f32",
        value: [9],
        gradient: null,
      },
    ]);
    expect(edges).toEqual([
      { from: 1, to: 2, position: 0 },
      { from: 1, to: 2, position: 1 },
    ]);
    expect(outputs).toEqual([2]);
  });

  it("becomes a DOT file", () => {
    const dot = explain({ names: ['the "x"'] }, (x) => x.sin(), tensor(0)).toDot();
    expect(dot).toBe(
      lines(
        "digraph {",
        "  node [shape=box, fontname=monospace];",
        String.raw`  n1 [label="the \"x\"  argument\nf32\nvalue 0\ngradient 1"];`,
        String.raw`  n2 [label="out  sin\nf32\nvalue 0\ngradient 1", style=bold];`,
        "  n1 -> n2;",
        "}",
        "",
      ),
    );
  });

  it("shows NaN, infinities, booleans, storage types, −0 and empty tensors", () => {
    const values = (x: Parameters<typeof tensor>[0], options = {}): string =>
      explain((v) => v, tensor(x as never, options))
        .toString()
        .split("\n")[1]
        .replace(/ +/g, " ");
    expect(values([NaN, -Infinity, -0, 1e-12])).toBe(
      "arg0 argument f32[4] [NaN, -Infinity, -0, 1.000e-12]",
    );
    expect(values([true, false])).toBe("arg0 argument bool[2] [true, false]");
    expect(values([1.5, 1 / 3], { dtype: "bf16" })).toBe("arg0 argument bf16[2] [1.5, 0.334]");
    expect(values([])).toBe("arg0 argument f32[0] []");
  });

  it("may be applied to functions with gradients in them, and to what reads its values", () => {
    const slope = explain(
      grad((x: Tensor<[]>) => x.mul(x).mul(x)),
      tensor(2),
    );
    expect(slope.nodes.at(-1)!.value).toBe(12);
    expect(slope.nodes[0].gradient).toBe(12);
    const f = checkpoint((x) => x.sin().exp());
    expect(explain((x) => f(x), tensor(0)).nodes[0].gradient).toBe(1);
    const branch = explain((x) => (x.item() > 0 ? x.mul(2) : x.neg()), tensor(-3));
    expect(branch.nodes.map((node) => node.op)).toEqual(["argument", "neg"]);
  });

  it("leaves its arguments as they were, and differentiable", () => {
    const x = tensor(3);
    const gradient = grad((y: Tensor<[]>) => {
      explain((z) => z.mul(z), y);
      return y.mul(y);
    })(x);
    expect(gradient.item()).toBe(6);
    expect(x.item()).toBe(3);
  });

  it("says what it expects", () => {
    expect(() => explain(3 as never)).toThrow(
      /expected a function and its arguments.*the number 3/,
    );
    expect(() => explain({ names: [] }, tensor(1) as never)).toThrow(TraceError);
    expect(() => explain(((x: unknown) => [x, 3]) as never, tensor(1))).toThrow(
      /expected the result/,
    );
    expect(() => vmap((x) => (explain((y) => y.sin(), x), x))(tensor([1]))).toThrow(TraceError);
  });
});
