import type { Shape } from "../../base/shape.js";
import type { Index, Marker, RangeIndex } from "../indexing/kinds.js";
import type { Tensor } from "../tensor.js";
import type { Sub } from "./arithmetic.js";
import type { Literal } from "./literal.js";
import type { Operand } from "./operand.js";
import type { AnyRank, Bad, Because, Good, Loose, Of, Rule, Show } from "./rule.js";
import type { RangeLength, ShowRange } from "./slice.js";

/** A part of a tensor of type X, of shape P: to be read or, in a copy, written. */
export interface Selected<X extends Tensor, P extends Shape> {
  /** The part. A view, when the index is made of integers, ranges and new axes. */
  get(): Tensor<P, X["dtype"]>;
  /** A copy of the tensor with the part replaced; of several values for one place the last stays. */
  set(values: Operand | boolean): Tensor<X["shape"], X["dtype"]>;
  /** A copy of the tensor with the values added to the part, all of those for one place. */
  add(values: Operand): Tensor<X["shape"], X["dtype"]>;
}

/** Reading and writing by index. */
export interface IndexMethods {
  /**
   * The part that an index selects, to `.get()`, `.set(v)` or `.add(v)`: integers, ranges, new
   * axes, positions, masks, as in NumPy. `x.at(1, range(0, 3)).get()` is x[1, 0:3].
   */
  at<X extends Tensor, const I extends readonly Index[]>(
    this: X,
    ...index: Entries<At<X["shape"], I>, I>
  ): Selected<X, Of<At<X["shape"], I>>>;
}

/** The arguments, or in place of them a sentence. */
type Entries<R extends Rule, I extends readonly Index[]> =
  R["error"] extends Because<infer Sentence>
    ? { v: 0 } extends { v: 1 & R["error"] }
      ? I
      : readonly [NoInfer<Sentence>, ...NoInfer<Sentence>[]]
    : I;

/** What an index selects from S. Index tensors are followed where they are alone. */
export type At<S extends Shape, I extends readonly Index[]> =
  AnyRank<S> extends true
    ? Loose
    : AnyRank<I> extends true
      ? Loose
      : Lookups<I> extends infer L extends unknown[]
        ? L["length"] extends 0 | 1
          ? Whole<S, I> extends infer E
            ? E extends readonly Index[]
              ? Taken<S, E, L["length"] extends 1 ? PlainOnly<I> : true, S>
              : Bad<`at: the index is for more axes than shape ${Show<S>} has`>
            : Loose
          : Loose
        : Loose;

type All = RangeIndex<readonly []>;

/** Entries that look positions up; a mask, whose outcome no type knows, counts as two. */
type Lookups<I extends readonly Index[]> = I extends readonly [
  infer H,
  ...infer R extends readonly Index[],
]
  ? H extends number | { kind: string }
    ? Lookups<R>
    : LookupShape<H> extends infer L extends Shape
      ? AnyRank<L> extends true
        ? [0, 0, ...Lookups<R>]
        : [0, ...Lookups<R>]
      : never
  : [];

/** The shape of an entry of positions, of unknown rank for a mask. */
type LookupShape<H> = H extends Tensor
  ? "bool" extends H["dtype"]
    ? number[]
    : H["shape"]
  : H extends readonly []
    ? [0]
    : H extends readonly unknown[]
      ? HasBoolean<H> extends true
        ? number[]
        : Of<Literal<H>>
      : [number];
type HasBoolean<H> = H extends boolean
  ? true
  : H extends readonly (infer L)[]
    ? HasBoolean<L>
    : false;

/** Beside index tensors integers count as such, and may change the order: then nothing is said. */
type PlainOnly<I extends readonly Index[]> = number extends {
  [K in keyof I]: I[K] extends number ? number : never;
}[number]
  ? false
  : true;

/** The index with the axes it leaves out written out, or false when it is for too many. */
type Whole<S extends Shape, I extends readonly Index[]> = S extends readonly [
  ...Sized<I>,
  ...infer R extends Shape,
]
  ? Fill<I, { [K in keyof R]: All }>
  : false;

/** One number for each entry that is about an axis. */
type Sized<I extends readonly Index[], Out extends Shape = []> = I extends readonly [
  infer H,
  ...infer R extends readonly Index[],
]
  ? Sized<R, H extends Marker<"newAxis"> | Marker<"ellipsis"> ? Out : [...Out, number]>
  : Out;

type Fill<
  I extends readonly Index[],
  R extends readonly All[],
  Out extends readonly Index[] = [],
> = I extends readonly [infer H extends Index, ...infer T extends readonly Index[]]
  ? H extends Marker<"ellipsis">
    ? [...Out, ...R, ...T]
    : Fill<T, R, [...Out, H]>
  : [...Out, ...R];

/** Entry by entry. Ordered is false where only the checks are wanted. */
type Taken<
  S extends Shape,
  I extends readonly Index[],
  Ordered extends boolean,
  Full extends Shape,
  Out extends Shape = [],
  Axis extends 0[] = [],
> = I extends readonly [infer H, ...infer R extends readonly Index[]]
  ? H extends Marker<"newAxis">
    ? Taken<S, R, Ordered, Full, [...Out, 1], Axis>
    : S extends readonly [infer D extends number, ...infer T extends Shape]
      ? H extends number
        ? Within<D, H> extends true
          ? Taken<T, R, Ordered, Full, Out, [...Axis, 0]>
          : Bad<`at: index ${H} is out of range for axis ${Axis["length"]} of shape ${Show<Full>}`>
        : H extends RangeIndex<infer G>
          ? [RangeLength<D, G>] extends [never]
            ? Bad<`at: ${ShowRange<G>} is not within axis ${Axis["length"]} of shape ${Show<Full>}`>
            : Taken<T, R, Ordered, Full, [...Out, RangeLength<D, G>], [...Axis, 0]>
          : LookupShape<H> extends infer L extends Shape
            ? Taken<T, R, Ordered, Full, [...Out, ...L], [...Axis, 0]>
            : Loose
      : Bad<`at: the index is for more axes than shape ${Show<Full>} has`>
  : Ordered extends true
    ? Good<Out>
    : Loose;

/** Is position N within an axis with D elements, as far as is known? */
type Within<D extends number, N extends number> = number extends D | N
  ? true
  : `${N}` extends `-${infer K extends number}`
    ? [Sub<D, K>] extends [never]
      ? false
      : true
    : [Sub<D, N>] extends [never]
      ? false
      : Sub<D, N> extends 0
        ? false
        : true;
