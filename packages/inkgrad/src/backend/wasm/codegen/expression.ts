import { type DType, bytesPer } from "../../../base/dtype.js";
import type { Value } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { ModuleContext } from "./context.js";
import { Cursor } from "./cursor.js";
import { emitSelect, hasVectorForm, vectorInstruction } from "./instructions.js";
import { emitLaneByLane } from "./lane-by-lane.js";
import { math } from "../math/table.js";
import { type LaneCount, laneType, loadSplat, loadStrided, loadVector } from "./lanes.js";

/** What is loaded or counted. */
export type Leaf = Extract<Value, { kind: "load" | "index" }>;

/** Is any value f64? Then two elements fill a vector, else four. */
export function laneCount(stores: readonly { value: Value; dtype: DType }[]): LaneCount {
  const wide = (v: Value): boolean => v.dtype === "f64" || (v.kind === "call" && v.args.some(wide));
  return stores.some(({ value, dtype }) => dtype === "f64" || wide(value)) ? 2 : 4;
}

/** Every part of some values, each once. */
function partsOf(values: readonly Value[]): Set<Value> {
  const found = new Set<Value>();
  const visit = (v: Value): void => {
    if (found.has(v)) return;
    found.add(v);
    if (v.kind === "call") v.args.forEach(visit);
  };
  values.forEach(visit);
  return found;
}

/** The loads and counts of some values, each once. */
export const leavesOf = (...values: readonly Value[]): Leaf[] =>
  [...partsOf(values)].filter((v) => v.kind === "load" || v.kind === "index");

/** What it takes to compute some values at one point. */
export interface Cost {
  /** Operations on numbers, an elementary function counted as twenty. */
  readonly operations: number;
  /** Is any of them left to the host? */
  readonly callsHost: boolean;
}

export function costOf(...values: readonly Value[]): Cost {
  let [operations, callsHost] = [0, false];
  for (const v of partsOf(values)) {
    if (v.kind !== "call") continue;
    operations += Object.hasOwn(math, v.fn) ? 20 : 1;
    if (!hasVectorForm(v)) callsHost = true;
  }
  return { operations, callsHost };
}

export const stridesOf = (leaf: Leaf): readonly number[] =>
  leaf.kind === "load" ? leaf.from.layout.strides : leaf.layout.strides;

/** A leaf's cursor: an address for a load, a count for an index. */
export function cursorOf(
  f: FunctionBuilder,
  leaf: Leaf,
  strides: readonly number[],
  context: ModuleContext,
): Cursor {
  if (leaf.kind === "index") return new Cursor(f, () => f.i32(leaf.layout.offset), strides);
  const { buffer, layout } = leaf.from;
  const size = bytesPer(buffer.dtype);
  return new Cursor(
    f,
    () => {
      context.pushAddress(f, buffer, layout.offset * size);
    },
    strides.map((stride) => stride * size),
  );
}

/** Writes the code that computes values on vectors along one axis of a loop nest. */
export class Expression {
  private readonly uses = new Map<Value, number>();
  private readonly splats = new Map<Value, Local>();
  private readonly held = new Map<Value, Local>();
  private saved = new Map<Value, Local>();

  constructor(
    private readonly f: FunctionBuilder,
    private readonly roots: readonly Value[],
    private readonly cursors: ReadonlyMap<Value, Cursor>,
    /** Step of each leaf along the vectorised axis, in elements. */
    private readonly steps: ReadonlyMap<Value, number>,
    private readonly lanes: LaneCount,
    private readonly context: ModuleContext,
  ) {
    const count = (v: Value): void => {
      const before = this.uses.get(v) ?? 0;
      this.uses.set(v, before + 1);
      if (before === 0 && v.kind === "call") v.args.forEach(count);
    };
    roots.forEach(count);
  }

  /** Is it a few cheap instructions? Then it pays to write it several times over. */
  get simple(): boolean {
    return this.uses.size <= 8 && costOf(...this.roots).operations < 8;
  }

  /** Loads what is the same everywhere: once, before any loop. */
  loadScalars(): void {
    for (const v of this.uses.keys()) if (v.kind === "scalar") this.keep(v, () => this.scalar(v));
  }

  /** Loads what does not change along the vectorised axis: before the innermost loop. */
  loadInvariant(): void {
    for (const v of this.uses.keys())
      if (v.kind === "load" && this.steps.get(v) === 0)
        this.keep(v, () => {
          this.f.get(this.cursors.get(v)!.at);
          loadSplat(this.f, v.dtype);
        });
  }

  /** Loads leaves of `count` elements into locals of the caller's. */
  loadAhead(leaves: readonly Leaf[], count: number): Local[] {
    return leaves.map((leaf) => {
      const local = this.f.local("v128");
      this.compute(leaf, count);
      this.f.set(local);
      return local;
    });
  }

  /** From now on these locals are what the leaves are; null: they are loaded again. */
  hold(leaves: readonly Leaf[], locals: readonly Local[] | null): void {
    leaves.forEach((leaf, i) => {
      if (locals === null) this.held.delete(leaf);
      else this.held.set(leaf, locals[i]);
    });
  }

  private keep(v: Value, emit: () => void): void {
    const local = this.splats.get(v) ?? this.f.local("v128");
    emit();
    this.f.set(local);
    this.splats.set(v, local);
  }

  private scalar(v: Extract<Value, { kind: "scalar" }>): void {
    const { f } = this;
    this.context.pushNumber(f, v.index);
    switch (laneType(v.dtype)) {
      case "f64":
        f.op("f64x2.splat");
        return;
      case "f32":
        f.op("f32.demote_f64").op("f32x4.splat");
        return;
      case "mask":
        f.f64(0).op("f64.ne").op("i32x4.splat").op("i32x4.neg");
        return;
      case "i32":
        f.op("i32.trunc_sat_f64_s").op("i32x4.splat");
        return;
      case "u32":
        f.op("i32.trunc_sat_f64_u").op("i32x4.splat");
    }
  }

  /** Leaves each value of the next `count` elements in a local, which is the caller's to release. */
  emit(count: number): Local[] {
    this.saved = new Map();
    const results = this.roots.map((root) => {
      const local = this.f.local("v128");
      this.value(root, count);
      this.f.set(local);
      return local;
    });
    this.f.release(...this.saved.values());
    return results;
  }

  /** Lets go of what stays in locals from one vector to the next. */
  release(): void {
    this.f.release(...this.splats.values());
    this.splats.clear();
  }

  private value(v: Value, count: number): void {
    const { f } = this;
    const kept = this.splats.get(v) ?? this.held.get(v) ?? this.saved.get(v);
    if (kept !== undefined) {
      f.get(kept);
      return;
    }
    this.compute(v, count);
    if (v.kind === "number" || this.uses.get(v) === 1) return;
    const local = f.local("v128");
    f.tee(local);
    this.saved.set(v, local);
  }

  private compute(v: Value, count: number): void {
    const { f } = this;
    switch (v.kind) {
      case "number":
        this.number(v.dtype, v.value);
        return;
      case "load":
        this.load(v, count);
        return;
      case "index":
        this.index(v);
        return;
      case "scalar":
        this.scalar(v);
        return;
      case "call": {
        const operands = v.args.map((arg) => () => {
          this.value(arg, count);
        });
        if (v.fn === "where") {
          // In order first, so that what is saved is saved before it is used again.
          emitSelect(f, v.dtype, operands);
          return;
        }
        const instruction = vectorInstruction(v);
        for (const push of operands) push();
        if (instruction !== null) instruction(f);
        else emitLaneByLane(f, v, this.lanes, this.context);
      }
    }
  }

  private number(dtype: DType, value: number): void {
    const { f } = this;
    switch (laneType(dtype)) {
      case "f64":
        f.f64x2(value);
        return;
      case "f32":
        f.f32x4(value);
        return;
      case "mask":
        f.i32x4(value !== 0 ? -1 : 0);
        return;
      default:
        f.i32x4(value | 0);
    }
  }

  private load(v: Extract<Value, { kind: "load" }>, count: number): void {
    const { f } = this;
    const { at } = this.cursors.get(v)!;
    const step = this.steps.get(v)!;
    if (step === 1) {
      f.get(at);
      loadVector(f, v.dtype, this.lanes);
    } else
      loadStrided(
        f,
        v.dtype,
        (g) => {
          g.get(at);
        },
        step,
        count,
      );
  }

  private index(v: Extract<Value, { kind: "index" }>): void {
    const { f } = this;
    const step = this.steps.get(v)!;
    f.get(this.cursors.get(v)!.at).op("i32x4.splat");
    if (step !== 0) f.i32x4(0, step, 2 * step, 3 * step).op("i32x4.add");
    if (v.dtype === "f32") f.op("f32x4.convert_i32x4_s");
    else if (v.dtype === "f64") f.op("f64x2.convert_low_i32x4_s");
    else if (v.dtype === "u8") f.i32x4(255).op("v128.and");
  }
}
