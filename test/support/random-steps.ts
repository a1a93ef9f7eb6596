import { type DType, isFloat, isInteger, isStorageOnly } from "@src/base/dtype.js";
import { broadcastShapes, sameShape, sizeOf } from "@src/base/shape.js";
import { builder as b } from "@src/graph/builder.js";
import { constantNode } from "@src/graph/node.js";
import type { Builder, Node } from "@src/ops/op.js";
import { stopped } from "@src/ops/recipes.js";
import type { Picker } from "./picker.js";

/** One more node on top of those there are; null where none fits. */
export type Step = (pool: readonly Node[], pick: Picker) => Node | null;

const maxSize = 300;

/** Any node, the latest more often than the others. */
const any = (pool: readonly Node[], pick: Picker): Node =>
  pick.below(2) === 0 ? pick.one(pool.slice(-3)) : pick.one(pool);

const cast = (x: Node, dtype: DType): Node => (x.dtype === dtype ? x : b.cast(x, { dtype }));

type Class = (dtype: DType) => boolean;
const computable: Class = (dtype) => !isStorageOnly(dtype);
const numbers: Class = (dtype) => computable(dtype) && dtype !== "bool";
const floats: Class = (dtype) => dtype === "f32" || dtype === "f64";
const bits: Class = (dtype) => isInteger(dtype) || dtype === "bool";
const everything: Class = () => true;

const fallback = new Map<Class, DType>([
  [computable, "f32"],
  [numbers, "f32"],
  [floats, "f32"],
  [isInteger, "i32"],
  [bits, "i32"],
]);

/** A node of a type of the class, cast if need be. */
function of(allowed: Class, pool: readonly Node[], pick: Picker): Node {
  const x = any(pool, pick);
  return allowed(x.dtype) ? x : cast(x, fallback.get(allowed)!);
}

/** A node of the shape and type of another: a fitting one, one made to fit, or one number. */
function like(x: Node, pool: readonly Node[], pick: Picker): Node {
  const choice = pick.below(8);
  if (choice === 0) return x;
  if (choice === 1) {
    const value = pick.one(isFloat(x.dtype) ? [0, -0, 1, -1, 2, 4, Infinity, -Infinity] : [0, 1]);
    return b.full({ shape: x.shape, dtype: x.dtype, value });
  }
  const y = any(pool, pick);
  return cast(shaped(y, x.shape) ?? x, x.dtype);
}

/** Stretched or reshaped to a shape; null where neither will do. */
function shaped(y: Node, shape: readonly number[]): Node | null {
  if (sameShape(y.shape, shape)) return y;
  if (stretches(y.shape, shape)) return b.expand(y, { shape });
  return sizeOf(y.shape) === sizeOf(shape) ? b.reshape(y, { shape }) : null;
}

function stretches(from: readonly number[], to: readonly number[]): boolean {
  try {
    return sameShape(broadcastShapes(from, to), to);
  } catch {
    return false;
  }
}

type Unary = {
  [K in keyof Builder]: Builder[K] extends (x: Node) => Node ? K : never;
}[keyof Builder];
type Binary = {
  [K in keyof Builder]: Builder[K] extends (x: Node, y: Node) => Node ? K : never;
}[keyof Builder];

const unary =
  (allowed: Class, ops: readonly Unary[]): Step =>
  (pool, pick) =>
    b[pick.one(ops)](of(allowed, pool, pick));

const binary =
  (allowed: Class, ops: readonly Binary[]): Step =>
  (pool, pick) => {
    const x = of(allowed, pool, pick);
    const y = like(x, pool, pick);
    const op = pick.one(ops);
    return pick.below(2) === 0 ? b[op](x, y) : b[op](y, x);
  };

/** A step on one node that has axes. */
const moving =
  (move: (x: Node, pick: Picker) => Node | null, allowed: Class = everything): Step =>
  (pool, pick) => {
    const x = of(allowed, pool, pick);
    return x.shape.length === 0 ? null : move(x, pick);
  };

const axesOf = (x: Node): number[] => [...x.shape.keys()];

function reshapeAnyhow(x: Node, pick: Picker): Node {
  const n = sizeOf(x.shape);
  const divisors = [1, 2, 3, 4].filter((d) => n % d === 0);
  const d = pick.one(divisors);
  const shape = n === 0 ? [0, 3] : pick.one([[n], [d, n / d], [n / d, 1, d], [1, ...x.shape]]);
  return b.reshape(x, { shape });
}

function sliceAnyhow(x: Node, pick: Picker): Node {
  const start = x.shape.map((n) => (pick.below(3) === 0 ? pick.below(n + 1) : 0));
  const stop = x.shape.map((n, i) =>
    pick.below(3) === 0 ? start[i] + pick.below(n - start[i] + 1) : n,
  );
  const step = x.shape.map(() => pick.one([1, 1, 2, 3]));
  return b.slice(x, { start, stop, step });
}

function padAnyhow(x: Node, pick: Picker): Node | null {
  const some = (): number[] => x.shape.map(() => pick.one([0, 0, 1]));
  const [low, high] = [some(), some()];
  const interior = pick.below(3) === 0 ? some() : x.shape.map(() => 0);
  const value = pick.one(isFloat(x.dtype) ? [0, 0, 1, -0, NaN] : [0, 1]);
  const y = b.pad(x, { low, high, interior, value });
  return sizeOf(y.shape) > maxSize ? null : y;
}

function expandAnyhow(x: Node, pick: Picker): Node | null {
  const shape = [...pick.some([2, 1]), ...x.shape.map((n) => (n === 1 ? pick.one([1, 2, 3]) : n))];
  return sizeOf(shape) > maxSize ? null : b.expand(x, { shape });
}

const concatWith =
  (other: (x: Node, pool: readonly Node[], pick: Picker) => Node): Step =>
  (pool, pick) => {
    const x = any(pool, pick);
    if (x.shape.length === 0 || sizeOf(x.shape) * 3 > maxSize) return null;
    const axis = pick.below(x.shape.length);
    const parts = [x, other(x, pool, pick), x].slice(0, 1 + pick.below(3));
    return b.concat(pick.below(3) === 0 ? [...parts, empty(x, axis)] : parts, { axis });
  };
const concatSome = concatWith(like);
const empty = (x: Node, axis: number): Node =>
  b.slice(x, {
    start: x.shape.map(() => 0),
    stop: x.shape.map((n, i) => (i === axis ? 0 : n)),
    step: x.shape.map(() => 1),
  });

function windowed(x: Node, pick: Picker): Node | null {
  const axes = pick.some(axesOf(x).filter((axis) => x.shape[axis] > 0));
  const size = axes.map((axis) => Math.min(x.shape[axis], 1 + pick.below(3)));
  const strides = axes.map(() => 1 + pick.below(2));
  const attrs = { axes, strides, dilation: axes.map(() => 1) };
  const windows = b.windows(x, { ...attrs, size });
  if (sizeOf(windows.shape) > maxSize) return null;
  const spatial = axes.map((axis) => x.shape[axis]);
  return pick.below(2) === 0 || !numbers(x.dtype)
    ? windows
    : b.fold(windows, { ...attrs, spatial });
}

/** Axes of which reducing leaves no maximum of nothing. */
const nonEmptyAxes = (x: Node, pick: Picker): number[] =>
  pick.some(axesOf(x)).filter((axis) => x.shape[axis] > 0);

const reduceNumbers = moving((x, pick) => {
  const op = pick.one(["sum", "prod", "max", "min"] as const);
  return b[op](x, { axes: nonEmptyAxes(x, pick) });
}, numbers);

const reduceTruths: Step = (pool, pick) =>
  pick.below(2) === 0
    ? b.any(cast(any(pool, pick), "bool"), { axes: [] })
    : moving((x, p) =>
        b[p.one(["any", "all"] as const)](cast(x, "bool"), { axes: p.some(axesOf(x)) }),
      )(pool, pick);

const alongAxis = moving((x, pick) => {
  const axis = pick.below(x.shape.length);
  if (x.shape[axis] === 0) return null;
  const flag = pick.below(2) === 0;
  return pick.one([
    () => b.cumsum(cast(x, x.dtype === "bool" ? "i32" : x.dtype), { axis, reverse: flag }),
    () => b.cumprod(cast(x, x.dtype === "bool" ? "i32" : x.dtype), { axis, reverse: flag }),
    () => b.argmax(x, { axis }),
    () => b.argmin(x, { axis }),
    () => b.sort(x, { axis, descending: flag }),
    () => b.argsort(x, { axis, descending: flag }),
  ])();
}, computable);

/** x as a matrix [m, k] times its own transpose. */
const matmulSome = moving((x, pick) => {
  const k = x.shape.at(-1)!;
  const m = k === 0 ? 0 : sizeOf(x.shape) / k;
  if (m * m > maxSize) return null;
  const matrix = b.reshape(x, { shape: [m, k] });
  const other = b.permute(pick.below(2) === 0 ? matrix : b.sign(matrix), { axes: [1, 0] });
  return b.matmul(matrix, other);
}, numbers);

/** Positions that are known, so that they lie within the axis. */
function positions(n: number, pick: Picker): Node {
  const shape = pick.one([[], [2], [1, 3]]);
  const index = Int32Array.from({ length: sizeOf(shape) }, () => pick.below(n));
  return constantNode(index, shape, "i32");
}

const gatherSome = moving((x, pick) => {
  const axis = pick.below(x.shape.length);
  if (x.shape[axis] === 0 || sizeOf(x.shape) * 3 > maxSize) return null;
  const index = positions(x.shape[axis], pick);
  const taken = b.gather(x, index, { axis });
  if (pick.below(2) === 0) return taken;
  const mode = numbers(x.dtype) ? pick.one(["set", "add"] as const) : "set";
  return b.scatter(x, index, taken, { axis, mode });
});

/** Sparse rows with a column of x as their values, times x as a matrix [n, k]. */
const sparseSome = moving((x, pick) => {
  const k = x.shape.at(-1)!;
  const n = k === 0 ? 0 : sizeOf(x.shape) / k;
  if (n === 0 || sizeOf(x.shape) > maxSize / 2) return null;
  const w = b.reshape(x, { shape: [n, k] });
  const ends = Array.from({ length: pick.below(5) }, () => pick.below(n + 1)).sort((p, q) => p - q);
  const starts = constantNode(Int32Array.from([0, ...ends, n]), [ends.length + 2], "i32");
  const indices = constantNode(
    Int32Array.from({ length: n }, () => pick.below(n)),
    [n],
    "i32",
  );
  const values = b.slice(w, { start: [0, 0], stop: [n, 1], step: [1, 1] });
  return b.sparseMatmul(starts, indices, b.reshape(values, { shape: [n] }), w);
}, floats);

const fourier: Step = (pool, pick) => {
  const x = of(floats, pool, pick);
  const pairs = b.concat(
    [x, x].map((part) => b.reshape(part, { shape: [...x.shape, 1] })),
    {
      axis: x.shape.length,
    },
  );
  return x.shape.length === 0 || sizeOf(x.shape) > 60 ? null : b.fft(pairs, { inverse: false });
};

const choose: Step = (pool, pick) => {
  const x = any(pool, pick);
  const condition = shaped(cast(any(pool, pick), "bool"), x.shape);
  return condition && b.where(condition, x, like(x, pool, pick));
};

const marks: Step = (pool, pick) => {
  const x = any(pool, pick);
  return pick.one([() => b.identity(x), () => b.after(x, any(pool, pick)), () => stopped(b, x)])();
};

const convert: Step = (pool, pick) => {
  const dtype = pick.one(["f32", "f64", "i32", "u32", "u8", "bool", "f16", "bf16"] as const);
  return b.cast(any(pool, pick), { dtype });
};

const convolve = moving((x, pick) => {
  const [n, c] = [x.shape[0], x.shape.at(-1)!];
  const length = n * c === 0 ? 0 : sizeOf(x.shape) / (n * c);
  if (length === 0 || x.shape.length < 2) return null;
  const signal = b.reshape(x, { shape: [n, length, c] });
  const kernel = b.reshape(b.sin(b.iota({ size: c * 2, dtype: x.dtype })), { shape: [1, c, 2] });
  return b.conv(signal, kernel, {
    strides: [1 + pick.below(2)],
    padding: [[1, 0]],
    dilation: [1],
    groups: 1,
  });
}, floats);

const movements: readonly Step[] = [
  (pool, pick) => reshapeAnyhow(any(pool, pick), pick),
  moving((x, pick) => b.permute(x, { axes: pick.shuffled(axesOf(x)) })),
  moving((x) => b.permute(x, { axes: axesOf(x).reverse() })),
  (pool, pick) => expandAnyhow(any(pool, pick), pick),
  moving(sliceAnyhow),
  moving((x, pick) => b.flip(x, { axes: pick.some(axesOf(x)) })),
];

/** What some step makes, and another (or the same again) on top of it. */
const twice =
  (steps: readonly Step[]): Step =>
  (pool, pick) => {
    const step = pick.one(steps);
    const below = step(pool, pick);
    return below && (pick.below(2) === 0 ? step : pick.one(steps))([below], pick);
  };

/** A choice by the same condition as another. */
const chooseAgain: Step = (pool, pick) => {
  const first = choose(pool, pick);
  if (first?.op !== "where") return first;
  const [condition, x, y] = first.src;
  return pick.below(2) === 0 ? b.where(condition, first, y) : b.where(condition, x, first);
};

const chooseTruths: Step = (pool, pick) => {
  const condition = cast(any(pool, pick), "bool");
  const [x, y] = [0, 1].map((value) => b.full({ shape: condition.shape, value, dtype: "bool" }));
  return pick.below(2) === 0 ? b.where(condition, x, y) : b.where(condition, y, x);
};

/** Steps that undo or join one another. */
const pairs: readonly (readonly Step[])[] = [
  [moving(sliceAnyhow), (pool, pick) => padAnyhow(any(pool, pick), pick), concatSome],
  [moving(sliceAnyhow)],
  [moving((x, pick) => b.flip(x, { axes: pick.some(axesOf(x)) }))],
  [moving((x, pick) => b.permute(x, { axes: pick.shuffled(axesOf(x)) }))],
  [unary(numbers, ["neg", "sign", "abs"]), binary(numbers, ["add", "sub", "mul", "div"])],
  [unary(numbers, ["neg"]), binary(numbers, ["add", "sub", "mul", "div"])],
  [reduceNumbers, reduceTruths],
  [
    binary(computable, ["equal", "notEqual"]),
    (pool, pick) => b.logicalNot(cast(any(pool, pick), "bool")),
  ],
];

/** Steps of all kinds; values may be anything. */
export const roughSteps: readonly Step[] = [
  unary(floats, ["sqrt", "exp", "expm1", "log", "log1p", "sin", "cos", "tan", "asin", "acos"]),
  unary(floats, ["atan", "sinh", "cosh", "tanh", "erf", "lgamma"]),
  unary(numbers, ["neg", "abs"]),
  unary(numbers, ["neg", "abs", "sign", "floor", "ceil", "round"]),
  unary(computable, ["isNaN", "isFinite"]),
  (pool, pick) => b.logicalNot(cast(any(pool, pick), "bool")),
  unary(bits, ["bitwiseNot"]),
  binary(numbers, ["add", "sub", "mul", "div"]),
  binary(numbers, ["add", "sub", "mul", "div", "pow", "mod"]),
  binary(computable, ["maximum", "minimum"]),
  binary(floats, ["atan2", "xlogy"]),
  binary(computable, ["equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual"]),
  (pool, pick) => {
    const truths = pool.map((x) => cast(x, "bool"));
    return binary(bits, ["logicalAnd", "logicalOr", "logicalXor"])(truths, pick);
  },
  binary(bits, ["bitwiseAnd", "bitwiseOr", "bitwiseXor"]),
  binary(isInteger, ["leftShift", "rightShift"]),
  choose,
  choose,
  convert,
  convert,
  marks,
  reduceNumbers,
  reduceNumbers,
  reduceTruths,
  alongAxis,
  matmulSome,
  gatherSome,
  fourier,
  sparseSome,
  convolve,
  concatSome,
  (pool, pick) => padAnyhow(any(pool, pick), pick),
  moving(windowed),
  ...movements,
  ...movements,
  ...[...pairs, ...pairs, ...pairs].map(twice),
  chooseAgain,
  chooseTruths,
];

/** Brought back into (−1, 1), where what follows stays smooth. */
const bounded = (x: Node): Node => b.tanh(b.mul(x, 0.5));

/** Steps with derivatives everywhere, on f64 values of a moderate size. */
export const smoothSteps: readonly Step[] = [
  unary(floats, ["sin", "cos", "tanh", "atan", "erf", "neg"]),
  (pool, pick) => b.exp(b.sin(any(pool, pick))),
  (pool, pick) => b.sqrt(b.add(1, squared(any(pool, pick)))),
  (pool, pick) => b.log1p(squared(any(pool, pick))),
  (pool, pick) => b.log(b.add(1.5, b.cos(any(pool, pick)))),
  (pool, pick) => b.lgamma(b.add(2, b.sin(any(pool, pick)))),
  (pool, pick) => withLike(pool, pick, (x, y) => bounded(b.add(x, y))),
  (pool, pick) => withLike(pool, pick, (x, y) => bounded(b.sub(x, y))),
  (pool, pick) => withLike(pool, pick, (x, y) => bounded(b.mul(x, y))),
  (pool, pick) => withLike(pool, pick, (x, y) => b.div(x, b.add(2, b.sin(y)))),
  (pool, pick) => withLike(pool, pick, (x, y) => b.pow(b.add(1.5, b.sin(x)), b.tanh(y))),
  (pool, pick) => withLike(pool, pick, (x, y) => b.atan2(x, b.add(1.5, b.sin(y)))),
  (pool, pick) => withLike(pool, pick, (x, y) => b.xlogy(x, b.add(1.5, b.sin(y)))),
  moving((x, pick) => bounded(b.sum(x, { axes: pick.some(axesOf(x)) }))),
  moving((x, pick) => bounded(b.prod(x, { axes: pick.some(axesOf(x)) }))),
  moving((x, pick) => bounded(b.cumsum(x, { axis: pick.below(x.shape.length), reverse: false }))),
  moving((x, pick) => bounded(b.cumprod(x, { axis: pick.below(x.shape.length), reverse: true }))),
  (pool, pick) => map(matmulSmooth(pool, pick), bounded),
  (pool, pick) => map(convolve(pool, pick), bounded),
  (pool, pick) => map(fourier(pool, pick), bounded),
  gatherSome,
  (pool, pick) => map(gatherSome(pool, pick), bounded),
  concatWith((x, pool, pick) => shaped(any(pool, pick), x.shape) ?? x),
  moving((x, pick) => map(windowed(x, pick), bounded)),
  (pool, pick) => stretchedPad(any(pool, pick), pick),
  ...movements,
];

const squared = (x: Node): Node => b.mul(x, x);
const map = (x: Node | null, f: (x: Node) => Node): Node | null => x && f(x);

function withLike(pool: readonly Node[], pick: Picker, f: (x: Node, y: Node) => Node): Node {
  const x = any(pool, pick);
  return f(x, shaped(any(pool, pick), x.shape) ?? x);
}

const matmulSmooth = moving((x) => {
  const k = x.shape.at(-1)!;
  const m = k === 0 ? 0 : sizeOf(x.shape) / k;
  if (m * m > maxSize) return null;
  const matrix = b.reshape(x, { shape: [m, k] });
  return b.matmul(matrix, b.permute(b.sin(matrix), { axes: [1, 0] }));
});

const stretchedPad = (x: Node, pick: Picker): Node | null =>
  map(
    b.pad(x, {
      low: x.shape.map(() => pick.below(2)),
      high: x.shape.map(() => pick.below(2)),
      interior: x.shape.map(() => pick.below(2)),
      value: 0.5,
    }),
    (y) => (sizeOf(y.shape) > maxSize ? x : y),
  );
