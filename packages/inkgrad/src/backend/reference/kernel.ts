import type { GraphNode } from "../../graph/node.js";
import { sizeOf } from "../../base/shape.js";

/** Computes a node from its inputs' elements. Gives a new array; rounding is the caller's. */
export type Kernel = (node: GraphNode, inputs: readonly Float64Array[]) => Float64Array;

export const output = (node: GraphNode): Float64Array => new Float64Array(sizeOf(node.shape));

/** The attributes, which the operation's shape rule has checked. */
export const attrsOf = <A>(node: GraphNode): A => node.attrs as A;
