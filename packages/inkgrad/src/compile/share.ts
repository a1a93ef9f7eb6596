import { loadsOf, type Value } from "../backend/program.js";
import { sizeOf } from "../base/shape.js";

/**
 * The same values, in which what is equal is one object: a kernel computes an object once.
 */
export function shareParts(values: readonly Value[]): Value[] {
  const known = new Map<string, Value>();
  const done = new Map<Value, Value>();
  const numbers = new Map<Value, number>();
  const one = (value: Value): Value => {
    const before = done.get(value);
    if (before !== undefined) return before;
    const now = value.kind === "call" ? { ...value, args: value.args.map(one) } : value;
    const key = keyOf(now, numbers);
    const same = known.get(key) ?? now;
    if (same === now) {
      known.set(key, now);
      numbers.set(now, numbers.size);
    }
    done.set(value, same);
    return same;
  };
  return values.map(one);
}

function keyOf(value: Value, numbers: ReadonlyMap<Value, number>): string {
  const { kind, dtype } = value;
  const own =
    value.kind === "call"
      ? [value.fn, ...value.args.map((arg) => numbers.get(arg)!)]
      : value.kind === "load"
        ? [value.from.buffer.id, ...placesOf(value.from.layout)]
        : value.kind === "index"
          ? placesOf(value.layout)
          : value.kind === "number"
            ? [Object.is(value.value, -0) ? "-0" : value.value]
            : [value.index];
  return [kind, dtype, ...own].join(" ");
}

/** Offset and strides; along an axis of one element no step is ever taken. */
const placesOf = (layout: {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}): number[] => [
  layout.offset,
  ...layout.strides.map((stride, i) => (layout.shape[i] === 1 ? 0 : stride)),
];

/** Do two values read the same element, another one at each point of their index space? */
export function readTheSame(a: Value, b: Value): boolean {
  const whole = (value: Value): string[] =>
    loadsOf(value)
      .filter(({ from: { layout } }) =>
        layout.strides.every((s, i) => s !== 0 || layout.shape[i] === 1),
      )
      .filter(({ from: { layout } }) => sizeOf(layout.shape) > 1)
      .map((load) => keyOf(load, new Map()));
  const read = new Set(whole(a));
  return whole(b).some((key) => read.has(key));
}
