import { InternalError } from "../base/errors.js";
import { sizeOf, stridesOf } from "../base/shape.js";
import type { DType } from "../base/dtype.js";
import type {
  Access,
  Buffer,
  Kernel,
  KernelProgram,
  ReduceName,
  Value,
} from "../backend/program.js";
import { GraphNode } from "../graph/node.js";
import type { Schedule } from "../graph/schedule.js";
import type { Node } from "../ops/op.js";
import type { Layout } from "../ops/lowering.js";
import type { PadAttrs } from "../ops/movement.js";
import type { Axes, Axis } from "../ops/reduce.js";
import type { Expr } from "../ops/scalar.js";
import { callType } from "./call-type.js";
import { placeOutputs } from "./in-place.js";
import { lowerOf, materialised, onHost } from "./materialise.js";
import { inOrderOf, laidOut, orderOf, readInOrder, reordered } from "./layout.js";
import { mergeKernels } from "./merge.js";

/** Another way to see the elements that a layout says; null where no layout can. */
interface View {
  /** Tells one view from another. */
  readonly key: string;
  /** What has to be copied where no layout can say it. */
  readonly source: GraphNode;
  readonly apply: (source: Layout) => Layout | null;
}

/** Thrown when a view needs its source in memory as it is; the compiler then starts again so. */
class NeedsCopy extends Error {
  constructor(readonly node: GraphNode) {
    super(`${node.op} ${node.id} is needed in memory`);
  }
}

export interface FuseOptions {
  /** `full` nodes whose numbers are given to each run; those of others are part of the program. */
  readonly numbers?: readonly GraphNode[];
  /** Outputs that take the memory of inputs: output index → input index. */
  readonly donated?: ReadonlyMap<number, number>;
}

/**
 * Turns a schedule into kernels. Elementwise operations and views are not computed where they
 * stand but within the loop that needs them; what must be in memory is decided beforehand.
 */
export function fuse(schedule: Schedule, options: FuseOptions = {}): KernelProgram {
  const copies = new Set<GraphNode>();
  for (;;)
    try {
      return new Fuser(schedule, copies, options).program();
    } catch (reason) {
      if (!(reason instanceof NeedsCopy)) throw reason;
      copies.add(reason.node);
    }
}

class Fuser {
  private readonly buffers = new Map<GraphNode, Buffer>();
  private readonly kernels: Kernel[] = [];
  /** How elements lie that are not in the order of their axes. */
  private readonly layouts = new Map<GraphNode, Layout>();
  private readonly stored: ReadonlySet<GraphNode>;
  /** Nodes whose elements must lie in the order of their axes. */
  private readonly inOrder: ReadonlySet<Node>;
  /** Values already written down: one that is used twice in a loop is computed once. */
  private readonly values = new Map<string, Value>();

  constructor(
    private readonly schedule: Schedule,
    copies: ReadonlySet<GraphNode>,
    private readonly options: FuseOptions,
  ) {
    this.stored = materialised(schedule, copies);
    this.inOrder = new Set([...schedule.outputs, ...copies, ...readInOrder(schedule)]);
  }

  program(): KernelProgram {
    const inputs = this.schedule.inputs.map((node) => this.newBuffer(node));
    for (const { node } of this.schedule.steps) if (this.stored.has(node)) this.store(node);
    const outputs = this.schedule.outputs.map((node) => this.buffers.get(node)!);
    const kernels = mergeKernels(this.kernels, new Set(outputs));
    const { donated = new Map<number, number>(), numbers = [] } = this.options;
    const buffers = [...this.buffers.values()];
    return {
      ...placeOutputs(kernels, buffers, inputs, outputs, donated),
      inputs,
      scalars: numbers.length,
    };
  }

  private newBuffer(node: GraphNode): Buffer {
    const buffer: Buffer = {
      id: this.buffers.size,
      dtype: node.dtype,
      elements: sizeOf(node.shape),
    };
    this.buffers.set(node, buffer);
    return buffer;
  }

  /** Writes the kernels that put a node's elements into memory. */
  private store(node: GraphNode): void {
    this.values.clear();
    const lower = lowerOf(node);
    if (onHost(node)) return this.host(node);
    if (lower.kind !== "kernel" || lower.kernel === "full" || lower.kernel === "iota") {
      const value = this.value(node, []);
      const order = this.inOrder.has(node) ? null : orderOf(value);
      const buffer = this.newBuffer(node);
      if (order !== null) this.layouts.set(node, laidOut(node.shape, order));
      const to = { buffer, layout: this.layoutOf(node) };
      if (order === null) this.loop(node.shape, value, to);
      else
        this.loop(
          order.map((axis) => node.shape[axis]),
          reordered(value, order),
          { buffer, layout: inOrderOf(order, to.layout) },
        );
      return;
    }
    switch (lower.kernel) {
      case "sum":
      case "prod":
      case "max":
      case "min":
      case "any":
      case "all":
        this.reduce(node, lower.kernel);
        return;
      case "matmul":
        this.matmul(node);
        return;
      case "pad":
        this.pad(node);
        return;
      case "concat":
        this.concat(node);
        return;
      default:
        this.host(node);
    }
  }

  private host(node: GraphNode): void {
    const inputs = node.src.map((x) => this.buffers.get(x)!);
    this.kernels.push({ kind: "operation", node: apart(node), inputs, to: this.newBuffer(node) });
  }

  private loop(space: readonly number[], value: Value, to: Access): void {
    this.kernels.push({ kind: "loop", space: [...space], stores: [{ value, to }] });
  }

  private reduce(node: GraphNode, fn: ReduceName): void {
    const [x] = node.src;
    const { axes } = node.attrs as Axes;
    const kept = [...x.shape.keys()].filter((axis) => !axes.includes(axis));
    const order = [...kept, ...axes];
    const value = this.value(x, [permuted(x, order)]);
    this.kernels.push({
      kind: "reduce",
      outer: kept.map((axis) => x.shape[axis]),
      inner: axes.map((axis) => x.shape[axis]),
      folds: [{ fn, value, to: this.newBuffer(node) }],
    });
  }

  private matmul(node: GraphNode): void {
    const [x, y] = node.src;
    this.kernels.push({
      kind: "matmul",
      dtype: node.dtype,
      batch: node.shape.slice(0, -2),
      m: node.shape.at(-2)!,
      k: x.shape.at(-1)!,
      n: node.shape.at(-1)!,
      x: this.access(x),
      y: this.access(y),
      to: this.newBuffer(node),
    });
  }

  /** The padding everywhere, then the elements over it. */
  private pad(node: GraphNode): void {
    const { low, interior, value } = node.attrs as PadAttrs;
    const inner = this.value(node.src[0], []);
    const buffer = this.newBuffer(node);
    this.loop(node.shape, { kind: "number", dtype: node.dtype, value }, this.whole(node, buffer));
    const strides = stridesOf(node.shape);
    const layout = {
      shape: node.src[0].shape,
      strides: strides.map((stride, axis) => stride * (interior[axis] + 1)),
      offset: strides.reduce((sum, stride, axis) => sum + stride * low[axis], 0),
    };
    this.loop(node.src[0].shape, inner, { buffer, layout });
  }

  private concat(node: GraphNode): void {
    const { axis } = node.attrs as Axis;
    const values = node.src.map((x) => this.value(x, []));
    const buffer = this.newBuffer(node);
    const strides = stridesOf(node.shape);
    let from = 0;
    node.src.forEach(({ shape }, i) => {
      this.loop(shape, values[i], {
        buffer,
        layout: { shape, strides, offset: from * strides[axis] },
      });
      from += shape[axis];
    });
  }

  private layoutOf(node: GraphNode): Layout {
    return this.layouts.get(node) ?? contiguous(node.shape);
  }

  private whole({ shape }: GraphNode, buffer: Buffer): Access {
    return { buffer, layout: contiguous(shape) };
  }

  /** A node's elements in memory, seen through the views on top of them. */
  private access(node: GraphNode, views: readonly View[] = []): Access {
    const buffer = this.buffers.get(node);
    if (buffer !== undefined) return { buffer, layout: this.through(node, views) };
    const lower = lowerOf(node);
    if (lower.kind === "forward") return this.access(node.src[0], views);
    if (lower.kind === "view") return this.access(node.src[0], [viewOf(node), ...views]);
    throw new InternalError(`compile: ${node.op} ${node.id} is needed in memory and is not there`);
  }

  private through(node: GraphNode, views: readonly View[]): Layout {
    let layout = this.layoutOf(node);
    for (const view of views) {
      const next = view.apply(layout);
      if (next === null) throw new NeedsCopy(view.source);
      layout = next;
    }
    return layout;
  }

  /** What a loop computes for a node seen through views: its own loads, or those of its inputs. */
  private value(node: GraphNode, views: readonly View[]): Value {
    const key = [node.id, ...views.map((view) => view.key)].join(">");
    const known = this.values.get(key);
    if (known !== undefined) return known;
    const made = this.newValue(node, views);
    this.values.set(key, made);
    return made;
  }

  private newValue(node: GraphNode, views: readonly View[]): Value {
    const { dtype } = node;
    if (this.buffers.has(node)) return { kind: "load", dtype, from: this.access(node, views) };
    const lower = lowerOf(node);
    switch (lower.kind) {
      case "forward":
        return this.value(node.src[0], views);
      case "view":
        return this.value(node.src[0], [viewOf(node), ...views]);
      case "map": {
        const args = node.src.map((x) => this.value(x, views));
        const inputs = args.map((_, index): Expr => ({ kind: "input", index }));
        return convert(lower.expr(inputs, node.attrs), args, dtype);
      }
      case "kernel":
        if (lower.kernel === "full") return this.number(node);
        if (lower.kernel === "iota")
          return { kind: "index", dtype, layout: this.through(node, views) };
        throw new InternalError(`compile: ${node.op} ${node.id} should be in memory by now`);
    }
  }

  private number(node: GraphNode): Value {
    const index = this.options.numbers?.indexOf(node) ?? -1;
    const { dtype } = node;
    if (index >= 0) return { kind: "scalar", dtype, index };
    return { kind: "number", dtype, value: (node.attrs as { value: number }).value };
  }
}

const contiguous = (shape: readonly number[]): Layout => ({
  shape,
  strides: stridesOf(shape),
  offset: 0,
});

/** Axes in another order, the folded ones last. */
const permuted = (source: GraphNode, order: readonly number[]): View => ({
  key: `permute ${order.join()}`,
  source,
  apply: ({ shape, strides, offset }) => ({
    shape: order.map((axis) => shape[axis]),
    strides: order.map((axis) => strides[axis]),
    offset,
  }),
});

function viewOf(node: GraphNode): View {
  const lower = lowerOf(node);
  if (lower.kind !== "view") throw new InternalError(`compile: ${node.op} is no view`);
  return {
    key: String(node.id),
    source: node.src[0],
    apply: (source) => lower.layout(source, node.attrs, node.shape),
  };
}

/** An operation's scalar expression with the inputs' values in their places. */
function convert(expr: Expr, args: readonly Value[], dtype: DType): Value {
  if (expr.kind === "input") return args[expr.index];
  if (expr.kind === "value") return { kind: "number", dtype, value: expr.value };
  const parts = expr.args.map((arg) => convert(arg, args, numberType(args, dtype)));
  return { kind: "call", dtype: callType(expr.fn, parts, dtype), fn: expr.fn, args: parts };
}

/** The type of a bare number in an expression: that of the operation's numeric inputs. */
const numberType = (args: readonly Value[], dtype: DType): DType => args.at(-1)?.dtype ?? dtype;

/** The operation without its inputs' history, so that a program that is kept keeps no graph. */
const apart = ({ op, src, attrs, shape, dtype }: GraphNode): GraphNode => {
  const stands = src.map((x) => new GraphNode("placeholder", [], {}, x.shape, x.dtype));
  return new GraphNode(op, stands, attrs, shape, dtype);
};
