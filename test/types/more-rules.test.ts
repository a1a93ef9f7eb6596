import { agree, type Make } from "./agree.js";
import type { Generator } from "./generator.js";

/** Rules against plain definitions that count positions instead of computing sizes. */

const text = JSON.stringify;
const refuse = (): never => {
  throw new Error("refused");
};

/** How many places a window of `extent` has in `size` elements, found by trying them. */
function places(size: number, extent: number, stride: number): number {
  let count = 0;
  for (let at = 0; at + extent <= size; at += stride) count++;
  return count > 0 ? count : refuse();
}

type Sides = [number, number];
const sidesOf = (padding: string | number | Sides[], axis: number): Sides =>
  typeof padding === "number"
    ? [padding, padding]
    : typeof padding === "string"
      ? [0, 0]
      : padding[axis];

function windows(
  n: number,
  k: number,
  stride: number,
  padding: string | number | Sides[],
  dilation: number,
  axis: number,
): number {
  if (padding === "same") return places(n + stride - 1, stride, stride);
  const [before, after] = sidesOf(padding, axis);
  return places(before + n + after, (k - 1) * dilation + 1, stride);
}

type Bound = number | undefined;
/** The elements of 0 … n−1 that a range takes; bounds must lie within. */
function take(n: number, [start, stop, step = 1]: Bound[]): number {
  const place = (bound: number): number => (bound < 0 ? bound + n : bound);
  const [first, last] =
    step > 0
      ? [start === undefined ? 0 : place(start), stop === undefined ? n : place(stop)]
      : [start === undefined ? n - 1 : place(start), stop === undefined ? -1 : place(stop)];
  const [low, high] = step > 0 ? [first, last] : [last + 1, first + 1];
  if (step === 0 || low < 0 || high > n || low > high) return refuse();
  let count = 0;
  for (let at = first; step > 0 ? at < last : at > last; at += step) count++;
  return count;
}

const written = (range: Bound[]): string => `[${range.map(String).join(", ")}]`;
const sizes = [1, 2, 3, 4, 6, 9, 16];

/** An entry of an index, and the sizes it contributes. */
interface Entry {
  readonly type: string;
  readonly size?: () => number[];
}
const marker = (kind: string): string => `{ kind: "${kind}" }`;
const newAxis: Entry = { type: marker("newAxis"), size: () => [1] };

function atEntry(g: Generator, shape: readonly number[], axis: number): Entry {
  const n = shape[axis];
  if (g.chance(0.4)) {
    const at = g.chance(0.9) ? g.below(2 * n) - n : g.pick([n, -n - 1]);
    return { type: `${at}`, size: () => (at >= -n && at < n ? [] : refuse()) };
  }
  const [a, b] = [g.below(n + 1), g.below(n + 1)].sort((p, q) => p - q);
  const range = g.pick([[], [a, b], [-n, b, 2], [undefined, undefined, -1], [b, a]]);
  const type = `{ kind: "range"; range: ${written(range)} }`;
  return { type, size: () => [take(n, range)] };
}

const rules: Record<string, Make> = {
  Slice(g) {
    const shape = Array.from({ length: 1 + g.below(3) }, () => g.pick(sizes));
    const bound = (n: number): Bound => (g.chance(0.3) ? undefined : g.below(2 * n + 1) - n);
    const ranges = shape.slice(g.below(2)).map((n) => {
      const [a, b] = [bound(n), bound(n)];
      const step = g.pick([1, 1, 2, 3, -1, -2, 0]);
      return g.pick([[], [a], [a, b], [a, b, step]]);
    });
    return {
      type: `Slice<${text(shape)}, [${ranges.map(written).join(", ")}]>`,
      run: () => shape.map((n, i) => take(n, ranges[i] ?? [])),
    };
  },
  At(g) {
    const shape = Array.from({ length: 1 + g.below(3) }, () => g.pick(sizes));
    const first = g.below(shape.length + 1);
    // Entries for the first axes, an ellipsis perhaps, and entries for the last.
    const last = g.chance(0.5) ? shape.length : first + g.below(shape.length - first + 1);
    const ellipsis = last < shape.length || g.chance(0.3) ? [{ type: marker("ellipsis") }] : [];
    const entries = (axes: number[]): Entry[] =>
      axes.flatMap((axis) => [...(g.chance(0.2) ? [newAxis] : []), atEntry(g, shape, axis)]);
    const axes = [...shape.keys()];
    const [before, after] = [entries(axes.slice(0, first)), entries(axes.slice(last))];
    const tooMany = ellipsis.length === 0 && first === shape.length && g.chance(0.1);
    const all: Entry[] = [...before, ...ellipsis, ...after, ...(tooMany ? [{ type: "0" }] : [])];
    const size = ({ size }: Entry): number[] => size?.() ?? [];
    return {
      type: `At<${text(shape)}, [${all.map(({ type }) => type).join(", ")}]>`,
      run: () =>
        tooMany
          ? refuse()
          : [...before.flatMap(size), ...shape.slice(first, last), ...after.flatMap(size)],
    };
  },
  Concat(g) {
    const first = [...g.shape(2), g.size()];
    const axis = g.axis(first);
    const rest = Array.from({ length: g.below(3) }, () =>
      first.map((n, i) => (g.chance(0.1) || i === axis ? g.size() : n)),
    );
    return {
      type: `Concat<${text([first, ...rest])}, ${axis}>`,
      run() {
        const at = axis < 0 ? axis + first.length : axis;
        if (!(at in first)) return refuse();
        if (rest.some((s) => s.some((n, i) => i !== at && n !== first[i]))) return refuse();
        return first.map((n, i) => (i === at ? rest.reduce((sum, s) => sum + s[i], n) : n));
      },
    };
  },
  Stack(g) {
    const first = [...g.shape(2), g.size()];
    const axis = g.axis([...first, 1]);
    const rest = Array.from({ length: g.below(3) }, () =>
      first.map((n) => (g.chance(0.1) ? g.size() : n)),
    );
    return {
      type: `Stack<${text([first, ...rest])}, ${axis}>`,
      run() {
        const at = axis < 0 ? axis + first.length + 1 : axis;
        if (at < 0 || at > first.length || rest.some((s) => text(s) !== text(first)))
          return refuse();
        return [...first.slice(0, at), 1 + rest.length, ...first.slice(at)];
      },
    };
  },
  Conv1d(g) {
    const [n, w, c, o] = [g.size(), g.pick(sizes), g.size(), g.size()];
    const k = g.pick([1, 2, 3, 5]);
    const [stride, dilation, groups] = [g.pick([1, 2, 3]), g.pick([1, 1, 2]), g.pick([1, 1, 2])];
    const padding = g.pick<string | number | Sides[]>(["valid", "same", 2, [[3, 0]]]);
    const kc = g.chance(0.9) ? Math.ceil(c / groups) : g.size();
    return {
      type: `Conv1d<${text([n, w, c])}, ${text([k, kc, o])}, ${stride}, ${text(padding)}, ${dilation}, ${groups}>`,
      run: () =>
        kc * groups !== c || o % groups !== 0
          ? refuse()
          : [n, windows(w, k, stride, padding, dilation, 0), o],
    };
  },
  Conv2d(g) {
    const [n, h, w] = [g.size(), g.pick(sizes), g.pick(sizes)];
    const groups = g.pick([1, 1, 2, 3]);
    const [kc, o] = [g.size(), g.chance(0.9) ? groups * g.size() : g.size()];
    const c = g.chance(0.9) ? kc * groups : g.size();
    const pair = (from: number[]): Sides => [g.pick(from), g.pick(from)];
    const [kernel, stride, dilation] = [pair([1, 2, 3]), pair([1, 2, 3]), pair([1, 1, 2])];
    const padding = g.pick<string | number | Sides[]>(["valid", "same", 1, [pair([0, 1, 2]), pair([0, 3])]]); // prettier-ignore
    return {
      type: `Conv2d<${text([n, h, w, c])}, ${text([...kernel, kc, o])}, ${text(stride)}, ${text(padding)}, ${text(dilation)}, ${groups}>`,
      run: () =>
        kc * groups !== c || o % groups !== 0
          ? refuse()
          : [
              n,
              windows(h, kernel[0], stride[0], padding, dilation[0], 0),
              windows(w, kernel[1], stride[1], padding, dilation[1], 1),
              o,
            ],
    };
  },
  Pool2d(g) {
    const shape = [g.size(), g.pick(sizes), g.pick(sizes), g.size()];
    const [k, stride] = [g.pick([1, 2, 3, 5]), g.pick([1, 2, 3])];
    const padding = g.pick<string | number>(["valid", "same", 1]);
    return {
      type: `Pool2d<${text(shape)}, ${k}, ${stride}, ${text(padding)}, "maxPool2d">`,
      run: () => [
        shape[0],
        windows(shape[1], k, stride, padding, 1, 0),
        windows(shape[2], k, stride, padding, 1, 1),
        shape[3],
      ],
    };
  },
  Pad(g) {
    const shape = g.shape(3);
    const widths = shape.map((): Sides => [g.below(12), g.below(3)]);
    if (g.chance(0.1)) widths.push([1, 1]);
    return {
      type: `Pad<${text(shape)}, ${text(widths)}>`,
      run: () =>
        widths.length !== shape.length
          ? refuse()
          : shape.map((n, i) => n + widths[i][0] + widths[i][1]),
    };
  },
  Tile(g) {
    const [shape, reps] = [g.shape(3), g.shape(3)];
    const rank = Math.max(shape.length, reps.length);
    const padded = (s: number[]): number[] => [...Array<number>(rank - s.length).fill(1), ...s];
    return {
      type: `Tile<${text(shape)}, ${text(reps)}>`,
      run: () => padded(shape).map((n, i) => n * padded(reps)[i]),
    };
  },
  Repeat(g) {
    const shape = [...g.shape(2), g.size()];
    const count = g.below(13);
    const axis = g.pick([undefined, g.axis(shape), g.axis(shape)]);
    return {
      type: `Repeat<${text(shape)}, ${count}, ${String(axis)}>`,
      run() {
        if (axis === undefined) return [count * shape.reduce((size, n) => size * n, 1)];
        const at = axis < 0 ? axis + shape.length : axis;
        return at in shape ? shape.map((n, i) => (i === at ? n * count : n)) : refuse();
      },
    };
  },
};

agree("more-rules", rules, ["Tile"]);
