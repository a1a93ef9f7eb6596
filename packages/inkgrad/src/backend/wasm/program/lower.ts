import type { DType } from "../../../base/dtype.js";
import {
  type Buffer,
  type Kernel,
  type KernelProgram,
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
 * @param options.fused  may products be added without rounding between?
 * @param options.apart  every step is a segment by itself
 */
export function lower(
  { kernels, buffers, inPlace }: KernelProgram,
  { fused, apart = false }: { readonly fused: boolean; readonly apart?: boolean },
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
  for (const kernel of kernels)
    for (const step of stepsOf(kernel, scratch, fused)) {
      if (apart && phases.length > 0) {
        segments.push(phases);
        phases = [];
        cut();
      }
      if ("host" in step) {
        if (phases.length > 0) segments.push(phases);
        segments.push(step);
        phases = [];
        cut();
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
  if (phases.length > 0) segments.push(phases);
  return { segments };
}

function stepsOf(kernel: Kernel, scratch: Scratch, fused: boolean): (Step | HostStep)[] {
  switch (kernel.kind) {
    case "loop": {
      const step = loopStep(kernel);
      return step === null ? [] : [step];
    }
    case "reduce":
      return reduceSteps(kernel, scratch);
    case "matmul":
      return canTile(kernel)
        ? matmulSteps(kernel, scratch, fused)
        : reduceSteps(matmulAsReduce(kernel), scratch);
    case "operation":
      return operationSteps(kernel, scratch) ?? [hostStep(kernel)];
  }
}

const hostStep = (kernel: OperationKernel): HostStep => ({
  host: kernel,
  name: kernel.node.op,
  reads: readsOf(kernel),
  writes: writesOf(kernel),
});
