import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkGradients, grad, ShapeError, Tensor, vmap, zeros } from "inkgrad";
import { builder as b } from "@src/graph/builder.js";
import type { GraphNode } from "@src/graph/node.js";
import { expectClose, filled, flat, inner } from "./helpers.js";
import { type Convolution, convolutions, naiveConvolution } from "./naive-convolution.js";

const wrap = (node: unknown): Tensor => new Tensor(node as GraphNode);

/** The three operations of one convolution, each of two tensors. */
const operations = ({ x, k, attrs }: Convolution) => ({
  conv: (p: Tensor, q: Tensor) => wrap(b.conv(p.node, q.node, attrs)),
  convInput: (g: Tensor, q: Tensor) =>
    wrap(b.convInput(g.node, q.node, { ...attrs, spatial: x.slice(1, -1) })),
  convKernel: (p: Tensor, g: Tensor) =>
    wrap(b.convKernel(p.node, g.node, { ...attrs, window: k.slice(0, -2) })),
});

const samples = (c: Convolution) => {
  const [x, k] = [filled(c.x, 1), filled(c.k, 2)];
  return { x, k, g: filled(operations(c).conv(x, k).shape, 3) };
};

/** Strides that leave the last elements untouched, holes, groups, one side padded more. */
const strided: Convolution = {
  x: [2, 8, 4],
  k: [2, 2, 4],
  attrs: { strides: [3], padding: [[1, 0]], dilation: [2], groups: 2 },
};
const flatImage: Convolution = {
  x: [1, 5, 4, 2],
  k: [2, 3, 1, 2],
  attrs: {
    strides: [2, 1],
    padding: [
      [0, 1],
      [2, 0],
    ],
    dilation: [1, 2],
    groups: 2,
  },
};
const volume: Convolution = {
  x: [1, 3, 2, 3, 1],
  k: [2, 1, 2, 1, 2],
  attrs: {
    strides: [1, 2, 1],
    padding: [
      [1, 0],
      [0, 0],
      [0, 1],
    ],
    dilation: [1, 1, 2],
    groups: 1,
  },
};
const all = { strided, flatImage, volume };

describe("conv", () => {
  it("is the sum of its definition, for every rank, stride, padding, dilation and group", () => {
    fc.assert(
      fc.property(convolutions([1, 2, 3]), (c) => {
        const { x, k } = samples(c);
        expectClose(operations(c).conv(x, k), naiveConvolution(x, k, c));
      }),
      { numRuns: 150 },
    );
  });

  it("has convInput and convKernel as its transposes", () => {
    fc.assert(
      fc.property(convolutions([1, 2, 3]), (c) => {
        const { x, k, g } = samples(c);
        const { conv, convInput, convKernel } = operations(c);
        const product = inner(conv(x, k), g);
        expect(inner(x, convInput(g, k))).toBeCloseTo(product, 9);
        expect(inner(k, convKernel(x, g))).toBeCloseTo(product, 9);
      }),
      { numRuns: 150 },
    );
  });

  it("sends no gradient to elements that no window touches", () => {
    const c: Convolution = {
      x: [1, 8, 1],
      k: [2, 1, 1],
      attrs: { strides: [3], padding: [[0, 0]], dilation: [1], groups: 1 },
    };
    const { x, k } = samples(c);
    const dx = grad((v: Tensor) => operations(c).conv(v, k).sum())(x);
    expect(dx.shape).toEqual([1, 8, 1]);
    const [p, q] = flat(k);
    expect(flat(dx)).toEqual([p, q, 0, p, q, 0, p, q]);
    const wide = { ...c, attrs: { ...c.attrs, strides: [5] } };
    const far = grad((v: Tensor) => operations(wide).conv(v, k).sum())(x);
    expect(flat(far)).toEqual([p, q, 0, 0, 0, p, q, 0]);
  });

  it("gives zeros for the gradient of a kernel when there are no examples", () => {
    const c: Convolution = { ...strided, x: [0, 8, 4] };
    const { x, k } = samples(c);
    expect(operations(c).conv(x, k).shape).toEqual([0, 3, 4]);
    const dk = grad((v: Tensor) => operations(c).conv(x, v).sum())(k);
    expect(flat(dk)).toEqual(flat(zeros([...c.k])));
  });
});

describe.each(Object.entries(all))("the gradients of %s", (_name, c) => {
  const { x, k, g } = samples(c);
  const { conv, convInput, convKernel } = operations(c);
  const pairs: [string, (p: Tensor, q: Tensor) => Tensor, Tensor, Tensor][] = [
    ["conv", conv, x, k],
    ["convInput", convInput, g, k],
    ["convKernel", convKernel, x, g],
  ];

  it.each(pairs)("of %s agree with differences, also a second time", (_op, f, p, q) => {
    checkGradients(f, [p, q]);
    // The square makes the first gradient depend on both operands.
    const curved = (s: Tensor, t: Tensor): Tensor<[]> => f(s, t).square().sum();
    checkGradients((s: Tensor, t: Tensor) => grad(curved, [0, 1])(s, t), [p, q]);
  });
});

describe.each(Object.entries(all))("vmap of %s", (_name, c) => {
  const size = 3;
  const { x, k, g } = samples(c);
  const { conv, convInput, convKernel } = operations(c);
  const many = (t: Tensor, seed: number): Tensor => filled([size, ...t.shape], seed);
  const row = (t: Tensor, i: number): Tensor =>
    wrap(
      b.reshape(
        b.slice(t.node, {
          start: t.shape.map((_, a) => (a === 0 ? i : 0)),
          stop: t.shape.map((n, a) => (a === 0 ? i + 1 : n)),
          step: t.shape.map(() => 1),
        }),
        { shape: t.shape.slice(1) },
      ),
    );
  const pairs: [string, (p: Tensor, q: Tensor) => Tensor, Tensor, Tensor][] = [
    ["conv", conv, x, k],
    ["convInput", convInput, g, k],
    ["convKernel", convKernel, x, g],
  ];

  it.each(pairs)("over either operand of %s or both is a loop over examples", (_op, f, p, q) => {
    const [ps, qs] = [many(p, 5), many(q, 6)];
    for (const [inAxes, left, right] of [
      [[0, null], ps, q],
      [[null, 0], p, qs],
      [[0, 0], ps, qs],
    ] as [[0 | null, 0 | null], Tensor, Tensor][]) {
      const whole = vmap(f as any, { inAxes } as any)(left, right) as Tensor;
      expect(whole.shape[0]).toBe(size);
      for (let i = 0; i < size; i++)
        expectClose(
          row(whole, i),
          f(inAxes[0] === 0 ? row(left, i) : left, inAxes[1] === 0 ? row(right, i) : right),
        );
    }
  });

  it.each(pairs)("of %s can be nested, and differentiated", (_op, f, p, q) => {
    const [ps, qs] = [many(p, 7), many(q, 8)];
    const outer = (s: Tensor, t: Tensor): Tensor =>
      vmap(((v: Tensor) => vmap(f as any, { inAxes: [null, 0] } as any)(v, t)) as any)(s) as Tensor;
    const table = outer(ps, qs);
    expect(table.shape.slice(0, 2)).toEqual([size, size]);
    expectClose(row(row(table, 1), 2), f(row(ps, 1), row(qs, 2)));
    const loss = (s: Tensor, t: Tensor): Tensor<[]> =>
      (vmap(f as any)(s, t) as Tensor).square().sum();
    const single = (s: Tensor, t: Tensor): Tensor<[]> => f(s, t).square().sum();
    const [ds, dt] = grad(loss, [0, 1])(ps, qs);
    const [es, et] = grad(single, [0, 1])(row(ps, 1), row(qs, 1));
    expectClose(row(ds, 1), es);
    expectClose(row(dt, 1), et);
  });

  it.each(pairs)("of %s over no examples at all has the right shape", (_op, f, p, q) => {
    const none = (t: Tensor): Tensor => filled([0, ...t.shape]);
    const shape = [0, ...f(p, q).shape];
    expect((vmap(f as any)(none(p), none(q)) as Tensor).shape).toEqual(shape);
    expect((vmap(f as any, { inAxes: [null, 0] } as any)(p, none(q)) as Tensor).shape).toEqual(
      shape,
    );
    expect((vmap(f as any, { inAxes: [0, null] } as any)(none(p), q) as Tensor).shape).toEqual(
      shape,
    );
  });
});

describe("what does not fit", () => {
  const plain = { strides: [1], padding: [[0, 0]] as [number, number][], dilation: [1], groups: 1 };
  const make =
    (x: number[], k: number[], attrs: object = {}) =>
    () =>
      b.conv(filled(x).node, filled(k).node, { ...plain, ...attrs });

  it("is named: window and shape, with what spreads and what pads them", () => {
    expect(make([1, 3, 1], [4, 1, 1])).toThrow(/^conv: window 4 does not fit \[1, 3, 1\]$/);
    expect(make([1, 3, 1], [3, 1, 1], { dilation: [2], padding: [[1, 0]] })).toThrow(
      /window 5 \(3, dilation 2\) does not fit \[1, 3, 1\] padded by 1\+0/,
    );
  });

  it("is refused with a typed error", () => {
    expect(make([1, 3, 2], [2, 1, 1])).toThrow(
      /x has 2 channels, kernel expects 1, \[1, 3, 2\] with \[2, 1, 1\]/,
    );
    expect(make([1, 3, 4], [2, 2, 3], { groups: 2 })).toThrow(/cannot be split into 2 groups/);
    expect(make([1, 3, 1], [0, 1, 1])).toThrow(/window needs a size ≥ 1/);
    for (const attrs of [
      { strides: [0] },
      { dilation: [1.5] },
      { groups: 0 },
      { padding: [[-1, 0]] },
    ])
      expect(make([1, 3, 1], [2, 1, 1], attrs)).toThrow(ShapeError);
  });

  it("is refused by the transposes too", () => {
    expect(() =>
      b.convInput(filled([1, 3, 2]).node, filled([2, 1, 2]).node, { ...plain, spatial: [5] }),
    ).toThrow(/convInput: expected \[1, 4, 2\], which is what \[1, 5, 1\] gives with kernel/);
    expect(() =>
      b.convInput(filled([1, 3, 3]).node, filled([2, 1, 3]).node, {
        ...plain,
        groups: 2,
        spatial: [4],
      }),
    ).toThrow(/cannot be split into 2 groups/);
    expect(() =>
      b.convKernel(filled([1, 4, 1]).node, filled([2, 3, 1]).node, { ...plain, window: [2] }),
    ).toThrow(
      /convKernel: expected \[1, 3, 1\], which is what \[1, 4, 1\] gives with window \[2\]/,
    );
  });
});
