import type { DType } from "../../../base/dtype.js";
import { sizeOf } from "../../../base/shape.js";
import {
  type Buffer,
  type Kernel,
  type KernelProgram,
  type MatmulKernel,
  type OperationKernel,
  readsOf,
  writesOf,
} from "../../program.js";
import { loopStep } from "../codegen/loop.js";
import { canTile, matmulSteps } from "../codegen/matmul.js";
import { matmulAsReduce } from "../codegen/matmul-as-reduce.js";
import { operationSteps, type Scratch } from "../codegen/operations.js";
import { reduceSteps } from "../codegen/reduce.js";
import type { Step } from "../codegen/step.js";
import { type Arithmetic, tileMode } from "../arithmetic.js";
import { besideEachOther, bringTogether, updatesOf } from "./alike.js";
import { withEpilogues } from "./epilogue.js";
import { type Group, groupKernels } from "./group.js";
import { bytesOf } from "./plan.js";
import { writtenOver } from "./written-over.js";

/** An operation that the host computes, between the steps before and after it. */
export interface HostStep {
  readonly host: OperationKernel;
  readonly name: string;
  readonly reads: readonly Buffer[];
  readonly writes: readonly Buffer[];
}

/** Steps that all threads do side by side, none of which needs what another one writes. */
export type Phase = readonly Step[];

export interface Lowered {
  /** Stretches of phases; between two of them the host computes. */
  readonly segments: readonly (readonly Phase[] | HostStep)[];
}

export const isHost = (segment: readonly Phase[] | HostStep): segment is HostStep =>
  "host" in segment;

/**
 * The kernels of a program as steps, in phases.
 *
 * @param options.apart  every step is a segment by itself
 */
export function lower(
  { kernels: given, buffers, inputs, outputs, inPlace }: KernelProgram,
  options: Arithmetic & { readonly apart?: boolean },
): Lowered {
  let count = buffers.length;
  const scratch = (dtype: DType, elements: number): Buffer => ({ id: count++, dtype, elements });
  const segments: (Phase[] | HostStep)[] = [];
  /** Where a buffer's elements really are. */
  const place = (buffer: Buffer): Buffer => inPlace.get(buffer) ?? buffer;
  let phases: Step[][] = [];
  let read = new Set<Buffer>();
  let written = new Set<Buffer>();
  const cut = (): void => {
    read = new Set();
    written = new Set();
  };
  const close = (): void => {
    const done = phases.map(besideEachOther);
    if (options.apart === true) for (const step of done.flat()) segments.push([[step]]);
    else if (done.length > 0) segments.push(done);
    phases = [];
    cut();
  };
  const isPlaced = (buffer: Buffer): boolean => inputs.includes(buffer) || inPlace.has(buffer);
  const finished = withEpilogues(given, outputs, place, isPlaced);
  const kernels = writtenOver(finished, outputs, isPlaced);
  const updates = updatesOf(kernels, outputs);
  const groups = groupKernels(kernels, place, (kernel) => updates.has(kernel));
  for (const group of bringTogether(groups, updates, place))
    for (const step of stepsOf(group, scratch, options)) {
      if ("host" in step) {
        close();
        segments.push(step);
        continue;
      }
      const [reads, writes] = [step.reads.map(place), step.writes.map(place)];
      const waits =
        reads.some((buffer) => written.has(buffer)) ||
        writes.some((buffer) => written.has(buffer) || read.has(buffer));
      if (waits) cut();
      if (read.size + written.size === 0) phases.push([]);
      phases.at(-1)!.push(step);
      for (const buffer of reads) read.add(buffer);
      for (const buffer of writes) written.add(buffer);
    }
  close();
  return { segments };
}

/** Bytes of results that a group's kernels leave to one another in one piece. */
const bytesAtOnce = 128 * 1024;
/** A product in pieces of fewer rows than this would take longer than what follows it saves. */
const fewestRows = 16;

/** Bytes of a group's results in each of its rows. */
const rowBytesOf = ({ kernels, rows }: Group): number =>
  kernels.flatMap(writesOf).reduce((sum, buffer) => sum + bytesOf(buffer) / rows, 0);

const matrixRows = ({ batch, m }: MatmulKernel): number => sizeOf(batch) * m;

/** The steps of a group: those that prepare the first kernel, then one for all of them. */
function stepsOf(
  { kernels, rows }: Group,
  scratch: Scratch,
  arithmetic: Arithmetic,
): (Step | HostStep)[] {
  const [first, ...others] = kernels;
  if (others.length === 0) return stepsAlone(first, scratch, arithmetic);
  const fewest = first.kind === "matmul" ? Math.ceil((fewestRows * rows) / matrixRows(first)) : 1;
  if (first.kind === "matmul" && rowBytesOf({ kernels, rows }) * fewest >= 4 * bytesAtOnce)
    return [
      ...stepsAlone(first, scratch, arithmetic),
      ...stepsOf({ kernels: others, rows }, scratch, arithmetic),
    ];
  const before = stepsAlone(first, scratch, arithmetic, true);
  const members = [
    before.pop()!,
    ...others.flatMap((kernel) => stepsAlone(kernel, scratch, arithmetic, true)),
  ];
  if (!members.every((step): step is Step => canFollow(step, rows)))
    return kernels.flatMap((kernel) => stepsAlone(kernel, scratch, arithmetic));
  return [...before, together(members, rows, fewest)];
}

const canFollow = (step: Step | HostStep, rows: number): boolean =>
  !("host" in step) &&
  step.byRows === true &&
  step.length % rows === 0 &&
  (step.wholePieces !== true || (step.piece * rows) % step.length === 0);

function together(members: readonly Step[], rows: number, fewest: number): Step {
  const writes = [...new Set(members.flatMap((step) => step.writes))];
  // What one member has written is in the cache when the next one reads it.
  const reads = new Set<Buffer>();
  members.forEach((step, i) => {
    const before = members.slice(0, i).flatMap((member) => member.writes);
    for (const buffer of step.reads) if (!before.includes(buffer)) reads.add(buffer);
  });
  const rowBytes = writes.reduce((sum, buffer) => sum + bytesOf(buffer) / rows, 0);
  const most = Math.max(fewest, Math.floor(bytesAtOnce / rowBytes));
  // As many pieces as threads may want, of the same length.
  const pieces = Math.max(Math.ceil(rows / most), Math.min(rows, 8));
  const [{ wholePieces, piece, length }] = members;
  const least = wholePieces === true ? (piece * rows) / length : 1;
  return {
    name: members.map(({ name }) => name).join(" + "),
    reads: [...reads],
    writes,
    length: rows,
    piece: Math.ceil(rows / pieces / least) * least,
    byRows: true,
    operations: members.reduce((sum, step) => sum + step.operations, 0),
    callsHost: members.some((step) => step.callsHost),
    scratchBytes: Math.max(...members.map((step) => step.scratchBytes ?? 0)),
    emit: (f, context, start, count) => {
      for (const member of members) {
        const places = member.length / rows;
        const at = f.local("i32");
        f.get(start).times(places).set(at);
        member.emit(f, context, at, count * places);
        f.release(at);
      }
    },
  };
}

function stepsAlone(
  kernel: Kernel,
  scratch: Scratch,
  arithmetic: Arithmetic,
  byRows = false,
): (Step | HostStep)[] {
  switch (kernel.kind) {
    case "loop": {
      const step = loopStep(kernel);
      return step === null ? [] : [step];
    }
    case "reduce":
      return reduceSteps(kernel, scratch, byRows);
    case "matmul":
      return canTile(kernel)
        ? matmulSteps(kernel, scratch, tileMode(arithmetic), byRows)
        : reduceSteps(matmulAsReduce(kernel), scratch, byRows);
    case "operation":
      return operationSteps(kernel, scratch, tileMode(arithmetic)) ?? [hostStep(kernel)];
  }
}

const hostStep = (kernel: OperationKernel): HostStep => ({
  host: kernel,
  name: kernel.node.op,
  reads: readsOf(kernel),
  writes: writesOf(kernel),
});
