import { bytesPer } from "../../../../base/dtype.js";
import { sizeOf } from "../../../../base/shape.js";
import type { Layout } from "../../../../ops/lowering.js";
import type { Buffer, Epilogue, LoadValue, LoopKernel, OperationKernel } from "../../../program.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { ModuleContext } from "../context.js";
import { costOf, Expression, laneCount, type Leaf, leavesOf } from "../expression.js";
import { type LaneCount, loadSplat, loadStrided } from "../lanes.js";
import type { Step } from "../step.js";
import { geometryOf } from "./geometry.js";
import { isFiltered } from "./winograd/choose.js";

/**
 * Bias, activation, the mask of a derivative: a loop over a convolution's result that is done on the
 * sums while they are in registers, and so needs no pass over memory.
 */
export interface Ending extends Epilogue {
  readonly to: Buffer;
  /** Length of the result's last axis. */
  readonly channels: number;
}

export const endingOf = ({ epilogue, to, node }: OperationKernel): Ending | undefined =>
  epilogue && { ...epilogue, to, channels: node.shape.at(-1)! };

/** A step's name and operations, with its epilogue's for so many results. */
export const withEnding = (
  { name, operations }: Pick<Step, "name" | "operations">,
  results: number,
  ending?: Ending,
): Pick<Step, "name" | "operations"> =>
  ending === undefined
    ? { name, operations }
    : {
        name: `${name} + loop ${ending.loop.space.join("×")}`,
        operations: operations + results * costOf(ending.loop.stores[0].value).operations,
      };

/**
 * Operations on each element that are worth writing once for every vector of a tile; an elementary
 * function takes so long that a pass over memory is no matter.
 */
const mostOperations = 12;
/** Operands, each of which takes an address. */
const mostLoads = 6;

/**
 * Can a loop be done on the sums of an operation, as far as they alone say it?
 *
 * Measured, one thread: the loop by itself, then on the sums, each with its convolution (least ms):
 * bias and relu, 32 × 28² × 1 to 16: .275, .259; 64 × 14² × 8 to 24: .702, .686; a mask on the latter's
 * gradient to x: 1.011, .991. In the last transform of minimal filtering, which needs all registers
 * itself, nothing was won (bias and relu, 16 × 26² × 16 to 16: .397, .401; 128 × 10² × 32 to 32: 1.347,
 * 1.347) or time lost (a mask on gradients: .560, .593; 1.75, 1.84): there it stays a loop.
 */
export function canFinish(kernel: OperationKernel, { stores, space }: LoopKernel): boolean {
  const { node, to } = kernel;
  if ((node.op !== "conv" && node.op !== "convInput") || kernel.epilogue !== undefined)
    return false;
  const geometry = geometryOf(kernel);
  if (stores.length !== 1 || sizeOf(space) !== to.elements || geometry === null) return false;
  if (isFiltered(geometry)) return false;
  const [{ value, to: target }] = stores;
  const { operations, callsHost } = costOf(value);
  const leaves = leavesOf(value);
  const channels = node.shape.at(-1)!;
  return (
    operations <= mostOperations &&
    !callsHost &&
    leaves.length <= mostLoads &&
    laneCount([{ value, dtype: to.dtype }]) === lanesOf(to) &&
    isWhole(target, to) &&
    leaves.every((leaf) => leaf.kind === "load" && isMet(leaf, to, channels))
  );
}

const lanesOf = ({ dtype }: Buffer): LaneCount => (dtype === "f64" ? 2 : 4);

const isWhole = ({ buffer, layout }: LoadValue["from"], { dtype, elements }: Buffer): boolean =>
  buffer.dtype === dtype &&
  buffer.elements === elements &&
  layout.offset === 0 &&
  periodOf(layout) === elements;

/** Is it the same everywhere, for every channel or of the result's form, in elements as long? */
function isMet({ from }: LoadValue, to: Buffer, channels: number): boolean {
  if (from.buffer === to) return isWhole(from, to);
  const period = periodOf(from.layout);
  if (period === 1) return true;
  const isAsLong = bytesPer(from.buffer.dtype) === bytesPer(to.dtype);
  return isAsLong && (period === channels || period === to.elements);
}

/** The p for which the i-th point of a layout is element i modulo p, from the offset on; or null. */
function periodOf({ shape, strides }: Layout): number | null {
  let [period, again] = [1, false];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue;
    if (strides[axis] === 0) again = true;
    else if (again || strides[axis] !== period) return null;
    else period *= shape[axis];
  }
  return period;
}

/** Writes an ending's code into a function whose first parameter is the base of all addresses. */
export class Finisher {
  private readonly expression: Expression;
  private readonly size: number;
  private readonly lanes: LaneCount;
  /** Loads of the sums themselves. */
  private readonly own: readonly Leaf[];
  private readonly scalars: readonly LoadValue[];
  private readonly ofChannels: readonly LoadValue[];
  private readonly ofElements: readonly LoadValue[];
  /** Where operands of channels and of elements are that belong to the result's place. */
  private readonly places = new Map<LoadValue, Local>();
  /** What is in registers for a tile. */
  private splats: Local[] = [];
  private readonly beside = new Map<number, Local[]>();

  /** @param at  has the address of the first result */
  constructor(
    private readonly f: FunctionBuilder,
    private readonly context: ModuleContext,
    { loop, result, to, channels }: Ending,
    at: Local,
  ) {
    this.size = bytesPer(to.dtype);
    this.lanes = lanesOf(to);
    const { value } = loop.stores[0];
    const loads = leavesOf(value) as LoadValue[];
    const others = loads.filter(({ from }) => from.buffer !== result);
    const period = ({ from }: LoadValue): number => periodOf(from.layout)!;
    this.own = loads.filter(({ from }) => from.buffer === result);
    this.scalars = others.filter((leaf) => period(leaf) === 1);
    this.ofChannels = others.filter((leaf) => period(leaf) > 1 && period(leaf) < to.elements);
    this.ofElements = others.filter((leaf) => period(leaf) > 1 && period(leaf) === to.elements);
    // Every leaf is held: the expression itself loads nothing.
    this.expression = new Expression(f, [value], new Map(), new Map(), this.lanes, context);

    const from = f.local("i32");
    f.get(at);
    context.pushAddress(f, to);
    f.op("i32.sub").set(from);
    for (const leaf of [...this.ofChannels, ...this.ofElements]) {
      const place = f.local("i32");
      this.pushFirst(leaf);
      f.get(from);
      if (period(leaf) < to.elements) f.i32(channels * this.size).op("i32.rem_u");
      f.op("i32.add").set(place);
      this.places.set(leaf, place);
    }
    f.release(from);
  }

  private pushFirst({ from: { buffer, layout } }: LoadValue): void {
    this.context.pushAddress(this.f, buffer, layout.offset * bytesPer(buffer.dtype));
  }

  /** Before the sums of a tile, not before the loop that makes them: there, registers are scarce. */
  begin(): void {
    const { f } = this;
    this.expression.loadScalars();
    this.splats = this.scalars.map((leaf) => {
      const local = f.local("v128");
      this.pushFirst(leaf);
      loadSplat(f, leaf.dtype);
      f.set(local);
      return local;
    });
    this.expression.hold(this.scalars, this.splats);
  }

  /**
   * Changes a vector of sums to what is stored.
   *
   * @param at      bytes from the result's place
   * @param count   lanes that there are
   * @param vector  its number among those beside each other, which have channels of their own
   */
  readonly finish = (sum: Local, at: number, count: number, vector: number): void => {
    const { f, expression } = this;
    const beside =
      this.beside.get(vector) ??
      this.ofChannels.map((leaf) => this.loaded(leaf, vector * 16, count));
    this.beside.set(vector, beside);
    const elements = this.ofElements.map((leaf) => this.loaded(leaf, at, count));
    expression.hold(
      this.own,
      this.own.map(() => sum),
    );
    expression.hold(this.ofChannels, beside);
    expression.hold(this.ofElements, elements);
    const [value] = expression.emit(count);
    f.get(value).set(sum);
    f.release(value, ...elements);
  };

  /** `count` elements and nothing beyond them: others may lie there, or the memory end. */
  private loaded(leaf: LoadValue, at: number, count: number): Local {
    const { f } = this;
    const place = this.places.get(leaf)!;
    const local = f.local("v128");
    if (count === this.lanes) f.get(place).mem("v128.load", at, 2);
    else loadStrided(f, leaf.dtype, (g) => g.get(place).plus(at), 1, count);
    f.set(local);
    return local;
  }

  /** After a tile's sums: the next ones' place is `bytes` further, in the same channels. */
  end(bytes: number): void {
    const { f } = this;
    for (const leaf of this.ofElements) {
      const place = this.places.get(leaf)!;
      f.increase(place, bytes);
    }
    f.release(...this.splats, ...[...this.beside.values()].flat());
    this.beside.clear();
    this.expression.release();
  }

  release(): void {
    this.f.release(...this.places.values());
  }
}
