import type { DType } from "../base/dtype.js";
import type { ReadonlyShape, Shape } from "../base/shape.js";
import type { Lowering } from "./lowering.js";
import type { Check } from "./check.js";
import type { OpName, ops } from "./table.js";

/** What the rules see of a graph node: the operation, where its inputs come from, what it gives. */
export interface Node {
  readonly op: OpName;
  readonly src: readonly Node[];
  readonly attrs: object;
  readonly shape: ReadonlyShape;
  readonly dtype: DType;
}

/** The number of inputs: fixed, or a list of any length. */
export type Arity = 0 | 1 | 2 | 3 | 4 | "any";
export type NoAttrs = Record<never, never>;

export interface Sources {
  0: readonly [];
  1: readonly [Node];
  2: readonly [Node, Node];
  3: readonly [Node, Node, Node];
  4: readonly [Node, Node, Node, Node];
  any: readonly Node[];
}

/** What a gradient rule is given. */
export interface VjpContext<N extends Arity, A> {
  readonly src: Sources[N];
  /** The node itself: exp's gradient is its own value. */
  readonly out: Node;
  readonly attrs: A;
  /** The derivative of the final scalar with respect to `out`: same shape and dtype. */
  readonly cotangent: Node;
}

/** What a batching rule is given. Batched inputs carry the new axis in front. */
export interface BatchContext<N extends Arity, A> {
  readonly src: Sources[N];
  readonly batched: readonly boolean[];
  /** Length of the new axis. */
  readonly size: number;
  readonly attrs: A;
  /** The same operation on other inputs. */
  readonly again: (src: readonly Node[], attrs: A) => Node;
}

/**
 * A primitive: everything there is to know about one operation. Its name is the name under which
 * it is exported.
 */
export interface Op<N extends Arity = Arity, A extends object = NoAttrs> {
  readonly arity: N;
  /** The result's shape. Throws `ShapeError` when the inputs do not fit; `name` is for the message. */
  readonly shape: (src: Sources[N], attrs: A, name: string) => Shape;
  /** The result's element type. Throws `DTypeError` for types the operation does not take. */
  readonly dtype: (src: Sources[N], attrs: A, name: string) => DType;
  /**
   * The cotangent of each input (null: none flows), written with the builder, so that it is graph
   * and can be differentiated again. Operations with discrete results give `discrete`.
   */
  readonly vjp: (b: Builder, context: VjpContext<N, A>) => readonly (Node | null)[];
  /** How backends compute it. */
  readonly lower: Lowering<A>;
  /** The same computation for a whole batch at once: what `vmap` uses. Batch axis first. */
  readonly batch: (b: Builder, context: BatchContext<N, A>) => Node;
  /** Sample inputs on which every backend is held against the reference. */
  readonly check: Check<A>;
}

/** A node, or a number that stands for a tensor full of it, shaped like the other operand. */
export type Operand = Node | number;

type Operands = {
  0: [];
  1: [x: Node];
  2: [x: Operand, y: Operand];
  3: [x: Operand, y: Operand, z: Operand];
  4: [w: Node, x: Node, y: Node, z: Node];
  any: [src: readonly Node[]];
};

type Method<O> =
  O extends Op<infer N, infer A>
    ? keyof A extends never
      ? (...src: Operands[N]) => Node
      : (...args: [...Operands[N], attrs: A]) => Node
    : never;

/** One method an operation, derived from the table. */
export type Builder = { readonly [K in keyof typeof ops]: Method<(typeof ops)[K]> };

/** The attributes of an operation. */
export type AttrsOf<K extends OpName> = (typeof ops)[K]["check"]["cases"][number]["attrs"];
