import { sameShape } from "../../base/shape.js";
import { rule } from "./rule.js";

/** Movements that move nothing, and two movements that are one. */
export const movement = {
  /** To the shape it has already. */
  reshapeToSame: rule(["reshape", "expand"], ({ src: [x], shape }) =>
    sameShape(x.shape, shape) ? x : null,
  ),

  /** Reshaped twice is reshaped once. */
  reshapeTwice: rule(["reshape"], ({ src: [x], attrs }, { b, as }) => {
    const inner = as(x, "reshape");
    return inner && b.reshape(inner.src[0], attrs);
  }),

  /** Stretched twice is stretched once. */
  expandTwice: rule(["expand"], ({ src: [x], attrs }, { b, as }) => {
    const inner = as(x, "expand");
    return inner && b.expand(inner.src[0], attrs);
  }),

  /** An order of axes that leaves all where they are. */
  permuteNothing: rule(["permute"], ({ src: [x], attrs: { axes } }) =>
    axes.every((axis, i) => axis === i) ? x : null,
  ),

  /** An order of axes that moves only axes of size 1: no element moves, so it is a reshape. */
  permuteOnes: rule(["permute"], ({ src: [x], attrs: { axes }, shape }, { b }) => {
    const long = axes.filter((axis) => x.shape[axis] !== 1);
    const moved = axes.some((axis, i) => axis !== i);
    const inOrder = long.every((axis, i) => i === 0 || axis > long[i - 1]);
    return moved && inOrder ? b.reshape(x, { shape }) : null;
  }),

  /** An order of an order of axes is one order. */
  permuteTwice: rule(["permute"], ({ src: [x], attrs: { axes } }, { b, as }) => {
    const inner = as(x, "permute");
    return inner && b.permute(inner.src[0], { axes: axes.map((axis) => inner.attrs.axes[axis]) });
  }),

  /** Axes of no or one element need no reversing. */
  flipNothing: rule(["flip"], ({ src: [x], attrs: { axes } }, { b }) => {
    const long = axes.filter((axis) => x.shape[axis] > 1);
    if (long.length === axes.length && axes.length > 0) return null;
    return long.length === 0 ? x : b.flip(x, { axes: long });
  }),

  /** Reversed twice: what both reverse stays. */
  flipTwice: rule(["flip"], ({ src: [x], attrs: { axes } }, { b, as }) => {
    const inner = as(x, "flip");
    if (!inner) return null;
    const once = [
      ...axes.filter((axis) => !inner.attrs.axes.includes(axis)),
      ...inner.attrs.axes.filter((axis) => !axes.includes(axis)),
    ];
    return b.flip(inner.src[0], { axes: once.sort((i, j) => i - j) });
  }),

  /** A slice of everything: only that has as many elements along each axis. */
  sliceEverything: rule(["slice"], ({ src: [x], shape }) => (sameShape(shape, x.shape) ? x : null)),

  /** A slice of a slice. */
  sliceTwice: rule(["slice"], ({ src: [x], attrs, shape }, { b, as }) => {
    const inner = as(x, "slice");
    if (!inner) return null;
    // Where nothing is taken, the place of it may lie beyond the axis.
    const start = shape.map((n, i) =>
      n === 0 ? 0 : inner.attrs.start[i] + attrs.start[i] * inner.attrs.step[i],
    );
    const step = attrs.step.map((by, i) => by * inner.attrs.step[i]);
    const stop = shape.map((n, i) => (n === 0 ? 0 : start[i] + (n - 1) * step[i] + 1));
    return b.slice(inner.src[0], { start, stop, step });
  }),

  /** Padding cut off again. */
  sliceOfPad: rule(["slice"], ({ src: [x], attrs }, { b, as }) => {
    const pad = as(x, "pad");
    if (!pad || pad.attrs.interior.some((n) => n > 0)) return null;
    const { low } = pad.attrs;
    const start = attrs.start.map((at, i) => at - low[i]);
    const stop = attrs.stop.map((at, i) => at - low[i]);
    const inside = pad.src[0].shape.every((n, i) => start[i] >= 0 && stop[i] <= n);
    return inside ? b.slice(pad.src[0], { start, stop, step: attrs.step }) : null;
  }),

  /** A slice that takes from one of the parts only. */
  sliceOfConcat: rule(["slice"], ({ src: [x], attrs }, { b, as }) => {
    const joined = as(x, "concat");
    if (!joined) return null;
    const { axis } = joined.attrs;
    let from = 0;
    for (const part of joined.src) {
      const to = from + part.shape[axis];
      const within = (at: number, i: number): number => (i === axis ? at - from : at);
      if (attrs.start[axis] >= from && attrs.stop[axis] <= to)
        return b.slice(part, {
          start: attrs.start.map(within),
          stop: attrs.stop.map(within),
          step: attrs.step,
        });
      from = to;
    }
    return null;
  }),

  /** Padding of no width. */
  padNothing: rule(["pad"], ({ src: [x], shape }) => (sameShape(shape, x.shape) ? x : null)),

  /** Padding around padding of the same value. */
  padTwice: rule(["pad"], ({ src: [x], attrs }, { b, as }) => {
    const inner = as(x, "pad");
    if (!inner || !Object.is(inner.attrs.value, attrs.value)) return null;
    if ([...attrs.interior, ...inner.attrs.interior].some((n) => n > 0)) return null;
    return b.pad(inner.src[0], {
      ...attrs,
      low: attrs.low.map((n, i) => n + inner.attrs.low[i]),
      high: attrs.high.map((n, i) => n + inner.attrs.high[i]),
    });
  }),

  /** One part joined with nothing, and parts without elements. */
  concatNothing: rule(["concat"], ({ src, attrs }, { b }) => {
    const parts = src.filter((x) => x.shape[attrs.axis] > 0);
    if (src.length === 1 || parts.length === 0) return src[0];
    return parts.length < src.length ? b.concat(parts, attrs) : null;
  }),

  /** Parts that were joined along the same axis. */
  concatTwice: rule(["concat"], ({ src, attrs }, { b, as }) => {
    const inner = src.map((x) => as(x, "concat"));
    const joined = inner.map((x) => x?.attrs.axis === attrs.axis);
    if (!joined.includes(true)) return null;
    return b.concat(
      src.flatMap((x, i) => (joined[i] ? x.src : [x])),
      attrs,
    );
  }),

  /** Windows along no axis. */
  windowsOfNothing: rule(["windows"], ({ src: [x], attrs }) =>
    attrs.axes.length === 0 ? x : null,
  ),
};
