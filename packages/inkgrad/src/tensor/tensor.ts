import type { DType } from "../base/dtype.js";
import { ShapeError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import { show } from "../base/shape.js";
import type { GraphNode } from "../graph/node.js";
import { evaluateLater, evaluateNow, keepSmall } from "./evaluate.js";
import { format } from "./format.js";
import { inScope } from "./scope.js";
import type { TensorMethods } from "./types/methods.js";
import { toNested, userValue } from "./values.js";
import type { ArrayOf, NestedArray } from "./values.js";

// The methods are added to the prototype in methods.ts; their types are computed from the shapes.
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merges with the class below
export interface Tensor<
  out S extends Shape = Shape,
  out D extends DType = DType,
> extends TensorMethods<S, D> {}

/**
 * An n-dimensional array of one element type, whose shape is part of its type. It is a handle on
 * a node of the graph: nothing is computed until a value is asked for. It never changes.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- methods.ts keeps both alike
export class Tensor<out S extends Shape = Shape, out D extends DType = DType> {
  /** @internal */
  readonly node: GraphNode;

  /** @internal Use `tensor`, `zeros` and the like. */
  constructor(node: GraphNode) {
    this.node = node;
    if (inScope()) return;
    node.held = true;
    keepSmall(node);
  }

  /** Sizes of the axes, outermost first; `[]` for a scalar. */
  get shape(): S {
    return Object.freeze(this.node.shape) as S;
  }

  get dtype(): D {
    return this.node.dtype as D;
  }

  /** Number of axes. */
  get rank(): number {
    return this.node.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.node.shape.reduce((product, n) => product * n, 1);
  }

  /** The elements in row-major order, in an array of the caller's own. */
  async data(): Promise<ArrayOf<D>> {
    const [value] = await evaluateLater([this.node]);
    return userValue(value, this.dtype) as ArrayOf<D>;
  }

  /** The elements as nested arrays; booleans for bool. A number for a scalar. */
  toArray<X extends Tensor>(this: X): NestedArray<X["shape"], X["dtype"]> {
    return toNested(evaluateNow([this.node])[0], this.node.shape, this.dtype) as NestedArray<
      X["shape"],
      X["dtype"]
    >;
  }

  /** The only element of a tensor of one element. */
  item(): D extends "bool" ? boolean : number {
    if (this.size !== 1)
      throw new ShapeError(
        `item: needs a tensor of one element, got shape ${show(this.node.shape)}; ` +
          "use toArray(), or reduce it first",
      );
    return toNested(evaluateNow([this.node])[0], [], this.dtype) as D extends "bool"
      ? boolean
      : number;
  }

  /** The elements and what they are: `tensor([1, 2], shape [2], f32)`. */
  toString(): string {
    return format(this.node);
  }

  /** What `JSON.stringify` writes: the nested arrays. JSON has null for NaN and the infinities. */
  toJSON(): unknown {
    return this.toArray();
  }

  /** What `console.log` shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** Is it a tensor? */
export const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;
