import type { DType } from "../../base/dtype.js";
import { DTypeError, ShapeError, TraceError } from "../../base/errors.js";
import { type Shape, sameShape, show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { GraphNode, Trace } from "../../graph/node.js";
import { topological } from "../../graph/schedule.js";
import { backward as backwardNodes } from "../../grad/backward.js";
import { keepSmallInTrace } from "../evaluate.js";
import { nodeOf } from "../operand.js";
import { isTensor, Tensor } from "../tensor.js";
import { orZeros, scalarOf } from "./grad.js";
import { release } from "./leaves.js";
import { requireFloats, standIn, traceOver } from "./trace.js";

/**
 * PyTorch's and TensorFlow's ways of asking for gradients, for those who come from there. Both are
 * thin layers over the same backward pass as `grad`, which is the better way: it keeps no state.
 */

const variables = new WeakMap<GraphNode, Variable>();

/** A tensor that can be assigned to, and that remembers the gradient `backward` finds. */
export class Variable<out S extends Shape = Shape, out D extends DType = DType> extends Tensor<
  S,
  D
> {
  /** The sum of what `backward` has found since the last `zeroGrad`. */
  grad: Tensor<S, D> | null = null;
  private trace: Trace;

  /** @internal Use `variable`. */
  constructor(initial: Tensor) {
    nodeOf(initial, "variable");
    requireFloats([initial], "variable: the value");
    const trace = traceOver([]);
    super(standIn(initial, trace));
    this.trace = trace;
    variables.set(this.node, this);
  }

  /**
   * Takes a new value of the same shape and type. What was computed from the old one keeps it.
   *
   * @throws ShapeError  if the shape is another
   * @throws DTypeError  if the type is another
   */
  assign<X extends Variable>(this: X, value: Tensor<X["shape"], X["dtype"]>): void {
    const { shape, dtype } = this;
    nodeOf(value, "assign");
    if (!sameShape(value.shape, shape))
      throw new ShapeError(
        `assign: expected shape ${show(shape)}, got ${show(value.shape)}; ` +
          "a tensor of another shape needs a variable of its own",
      );
    if (value.dtype !== dtype)
      throw new DTypeError(
        `assign: expected type ${dtype}, got ${value.dtype}; use value.cast("${dtype}")`,
      );
    this.trace.open = false;
    this.node.forget();
    keepSmallInTrace(value.node);
    this.trace = traceOver([]);
    const fresh = standIn(value, this.trace);
    fresh.held = true;
    (this as { node: GraphNode }).node = fresh;
    variables.set(fresh, this);
  }

  /** Forgets the gradient. */
  zeroGrad(): void {
    this.grad = null;
  }
}

/** A variable with an initial value. */
export const variable = <S extends Shape, D extends DType>(initial: Tensor<S, D>): Variable<S, D> =>
  new Variable(initial);

/**
 * Adds the gradient of a scalar loss to the `grad` of every variable that it was computed from.
 *
 * @throws ShapeError  if the loss is no scalar
 * @throws TraceError  if it depends on no variable as it is now
 */
export function backward(loss: Tensor): void {
  const node = scalarOf(loss, "backward");
  const inputs = topological([node]).filter((n) => variables.get(n)?.node === n);
  if (inputs.length === 0)
    throw new TraceError(
      "backward: the loss does not depend on any variable as it is now; compute it from tensors " +
        "made with variable(…), after the last assign",
    );
  const one = b.full({ shape: [], value: 1, dtype: node.dtype });
  const found = release(orZeros(backwardNodes([{ node, cotangent: one }], inputs), inputs));
  inputs.forEach((input, i) => {
    const owner = variables.get(input)!;
    owner.grad = owner.grad === null ? found[i] : owner.grad.add(found[i]);
    keepSmallInTrace(owner.grad.node);
  });
}

/** Records what is computed from the tensors it watches, until a gradient is asked for. */
export interface Tape {
  /** A tensor of the same value, to compute with. */
  watch<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D>;
  /**
   * The gradient of a scalar with respect to watched tensors. Ends the recording.
   *
   * @throws ShapeError  if `y` is no scalar
   * @throws TraceError  if an `x` is not what `watch` gave, or the recording has ended
   */
  gradient<const X extends Tensor | readonly Tensor[]>(y: Tensor, x: X): X;
}

/** A new tape: `const t = tape(); const x = t.watch(x0); t.gradient(f(x), x)`. */
export function tape(): Tape {
  const trace = traceOver([]);
  const stands = new WeakSet<GraphNode>();
  return {
    watch: (x) => {
      requireRecording(trace, "watch");
      nodeOf(x, "tape.watch");
      requireFloats([x], "tape.watch: the tensor");
      const stand = standIn(x, trace);
      stands.add(stand);
      return new Tensor(stand);
    },
    gradient: (y, x) => {
      requireRecording(trace, "gradient");
      const watched: readonly Tensor[] = isTensor(x) ? [x] : x;
      const inputs = watched.map((t) => nodeOf(t, "tape.gradient") as GraphNode);
      if (!inputs.every((input) => stands.has(input)))
        throw new TraceError(
          "tape.gradient: expected tensors that this tape watches; compute with the tensor that " +
            "watch(x) gives, and ask for the gradient by that one",
        );
      const node = scalarOf(y, "tape.gradient");
      const one = b.full({ shape: [], value: 1, dtype: node.dtype });
      const found = release(orZeros(backwardNodes([{ node, cotangent: one }], inputs), inputs));
      trace.open = false;
      return (isTensor(x) ? found[0] : found) as never;
    },
  };
}

function requireRecording(trace: Trace, method: string): void {
  if (!trace.open)
    throw new TraceError(
      `tape.${method}: the recording ended with the first gradient; make a new tape, or ask for ` +
        "several gradients at once, with a list",
    );
}
