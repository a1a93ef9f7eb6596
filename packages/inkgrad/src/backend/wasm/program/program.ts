import { bytesPer, elementsAt, type TypedArray } from "../../../base/dtype.js";
import { BackendError, InkgradError } from "../../../base/errors.js";
import { sizeOf } from "../../../base/shape.js";
import { isArray, type Stored } from "../../../graph/stored.js";
import type { Executable, KernelReport, KernelTime, ProgramReport } from "../../backend.js";
import type { Buffer, KernelProgram } from "../../program.js";
import type { Step } from "../codegen/step.js";
import type { Arithmetic } from "../arithmetic.js";
import type { Block } from "../memory/heap.js";
import { WasmResident } from "../memory/resident.js";
import { maySleep } from "../runtime/host.js";
import { type Pool, WorkerFailure } from "../runtime/pool.js";
import type { Runtime } from "../runtime/runtime.js";
import { emitModule, type MemoryMap } from "./emit.js";
import { laneFunction } from "./lane-function.js";
import { type HostStep, isHost, lower, type Lowered, type Phase } from "./lower.js";
import { Overwriting } from "./overwriting.js";
import { aligned, bytesOf, planMemory } from "./plan.js";

interface Options extends Arithmetic {
  readonly name: string;
  /** Makes a segment of every step, so that its time can be taken. */
  readonly apart?: boolean;
}

type RunSegment = (base: number, scratch: number, thread: number, threads: number) => void;

let programs = 0;

/** Workers let go of programs that are gone here. */
const gone = new FinalizationRegistry<{ pool: Pool; id: number }>(({ pool, id }) => {
  pool.drop(id);
});

/**
 * A program in WebAssembly. Its memory is one block of the heap, which all programs use in turn:
 * run-time numbers, then a table of addresses (of inputs, and of results that take over an input's
 * place), then the planned buffers, then each thread's scratch, then inputs that had to be copied in.
 */
export class WasmProgram implements Executable {
  readonly report: ProgramReport;
  private readonly id = ++programs;
  /** The same with every step by itself, made for measuring. */
  private apart: WasmProgram | null = null;
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly segments: readonly (RunSegment | HostStep)[];
  private readonly offsets: ReadonlyMap<Buffer, number>;
  private readonly tableAt: number;
  private readonly scratchAt: number;
  private readonly scratchBytes: number;
  private readonly places = new Map<Buffer, number>();
  private readonly weight: number;
  /** Each output's input whose place it takes; −1: none. */
  private readonly takesOver: readonly number[];
  private readonly names: readonly string[];
  private readonly overwriting: Overwriting;
  /** Where the last run failed. */
  private failed: number | HostStep | null = null;

  constructor(
    private readonly kernels: KernelProgram,
    private readonly runtime: Runtime,
    private readonly options: Options,
  ) {
    const { inputs, outputs, inPlace } = kernels;
    inputs.forEach((buffer, i) => this.places.set(buffer, i));
    for (const [output, input] of inPlace) this.places.set(output, this.places.get(input)!);
    this.takesOver = outputs.map((buffer, i) => {
      const input = inPlace.get(buffer);
      // A result that is asked for twice is handed out once, and copied besides.
      return input === undefined || outputs.indexOf(buffer) < i ? -1 : this.places.get(input)!;
    });

    const { segments } = lower(kernels, options);
    const touched = segments.flatMap((segment) =>
      isHost(segment)
        ? [[...segment.reads, ...segment.writes]]
        : segment.map((phase) => phase.flatMap((step) => [...step.reads, ...step.writes])),
    );
    const plan = planMemory(touched, outputs, (buffer) => this.places.has(buffer));
    this.tableAt = 8 * kernels.scalars;
    const head = aligned(this.tableAt + 4 * inputs.length);
    this.offsets = new Map([...plan.offsets].map(([buffer, offset]) => [buffer, head + offset]));
    this.scratchAt = head + plan.bytes;
    const steps = segments.flatMap((segment) => (isHost(segment) ? [] : segment.flat()));
    this.scratchBytes = aligned(Math.max(0, ...steps.map((step) => step.scratchBytes ?? 0)));

    const map: MemoryMap = {
      offsetOf: (buffer) => this.offsets.get(buffer) ?? null,
      addressOf: (buffer) => this.tableAt + 4 * this.places.get(buffer)!,
      numberAt: (index) => 8 * index,
    };
    const phases = segments.filter((segment) => !isHost(segment)) as (readonly Phase[])[];
    const { heap } = runtime;
    const emitted = emitModule(phases, map, {
      arithmetic: options,
      shared: heap.shared,
      callerSleeps: maySleep(),
    });
    this.bytes = emitted.bytes;
    const functions = emitted.laneCalls.map(laneFunction);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(emitted.bytes), {
      env: { memory: heap.memory },
      host: {
        lane: (which: number, x: number, y: number, z: number) => functions[which](x, y, z),
        fail: (which: number, value: number) => {
          throw emitted.failures[which](value);
        },
      },
    });
    let count = 0;
    this.segments = segments.map((segment) =>
      isHost(segment) ? segment : (exports[`run${count++}`] as RunSegment),
    );
    this.overwriting = new Overwriting(segments, this.places);
    gone.register(this, { pool: runtime.pool, id: this.id });
    this.names = steps.map(({ name }) => name);
    this.weight = steps.reduce((sum, step) => sum + weightOf(step), 0);
    this.report = {
      kernels: reportOf(segments),
      arenaBytes: this.scratchAt + this.scratchBytes,
      codeBytes: emitted.bytes.length,
      threads: this.isShared ? runtime.pool.threads : 1,
    };
  }

  /** Is there enough to do for several threads? */
  private get isShared(): boolean {
    return this.weight >= this.runtime.pool.threshold;
  }

  run(inputs: readonly Stored[], numbers: readonly number[]): Stored[] {
    return this.within(inputs, numbers, (base, threads) => {
      let index = 0;
      for (const segment of this.segments) {
        if (typeof segment === "function") this.runSegment(segment, index++, base, threads);
        else this.runHost(segment, base);
      }
    });
  }

  dispose(): void {
    this.apart?.dispose();
    this.runtime.pool.drop(this.id);
  }

  /** Puts inputs and numbers in their places, has `body` compute, and takes the results out. */
  private within(
    inputs: readonly Stored[],
    numbers: readonly number[],
    body: (base: number, threads: number) => void,
  ): Stored[] {
    const { heap, uploads, pool } = this.runtime;
    const threads = this.isShared ? pool.present() : 1;
    const given = new Set(this.takesOver);
    /** New homes of arrays that are given up. */
    const homes = new Map<number, Block>();
    // What an earlier run left that could not begin.
    uploads.done();
    const addresses = inputs.map((stored, i) => {
      if (!isArray(stored) && stored instanceof WasmResident && stored.isIn(heap)) return stored.at;
      if (given.has(i)) return -1;
      return uploads.addressOf(isArray(stored) ? stored : stored.read()) ?? -1;
    });
    const homeless = this.homeless(addresses);
    let bytes = this.scratchAt + this.scratchBytes * threads;
    const staged = addresses.map((address, i) => {
      const place = bytes;
      if (address < 0 && !homeless.has(i)) bytes += bytesOf(this.kernels.inputs[i]);
      return place;
    });
    const arena = this.runtime.arena.reserve(bytes, this.options.name);
    this.failed = null;
    try {
      inputs.forEach((stored, i) => {
        if (addresses[i] >= 0) return;
        const buffer = this.kernels.inputs[i];
        if (homeless.has(i)) {
          const home = heap.allocate(bytesOf(buffer), this.options.name);
          homes.set(i, home);
          addresses[i] = home.at;
        } else addresses[i] = arena + staged[i];
        const array = isArray(stored) ? stored : stored.read();
        this.view(buffer, addresses[i]).set(array);
      });
      const { buffer } = heap.memory;
      if (numbers.length > 0) new Float64Array(buffer, arena, numbers.length).set(numbers);
      if (addresses.length > 0)
        new Int32Array(buffer, arena + this.tableAt, addresses.length).set(addresses);
      body(arena, threads);
    } catch (error) {
      for (const home of homes.values()) heap.release(home);
      if (this.failed !== null)
        for (const i of this.overwriting.lostAt(this.failed))
          if (inputs[i] instanceof WasmResident) inputs[i].lose();
      throw error;
    } finally {
      uploads.done();
    }
    return this.kernels.outputs.map((buffer, i) => {
      const input = this.takesOver[i];
      if (input < 0) return this.view(buffer, this.addressIn(buffer, arena, addresses)).slice();
      const home = homes.get(input);
      if (home !== undefined) return WasmResident.in(heap, home, buffer.dtype, buffer.elements);
      const stored = inputs[input];
      return stored instanceof WasmResident && stored.isIn(heap)
        ? stored.succeededBy()
        : this.view(buffer, addresses[input]).slice();
    });
  }

  /** Arrays that are given up and find room to stay in the memory from now on. */
  private homeless(addresses: readonly number[]): ReadonlySet<number> {
    const found = new Set<number>();
    let bytes = 0;
    for (const i of this.takesOver) {
      if (i < 0 || addresses[i] >= 0) continue;
      const more = bytesOf(this.kernels.inputs[i]);
      if (!this.runtime.heap.hasRoomToKeep(bytes + more)) continue;
      found.add(i);
      bytes += more;
    }
    return found;
  }

  private runSegment(own: RunSegment, segment: number, base: number, threads: number): void {
    const scratch = base + this.scratchAt;
    try {
      if (threads === 1) own(base, scratch, 0, 1);
      else
        this.runtime.pool.run(
          {
            program: this.id,
            bytes: this.bytes,
            segment,
            base,
            scratch,
            scratchBytes: this.scratchBytes,
          },
          threads,
          () => {
            own(base, scratch, 0, threads);
          },
        );
    } catch (error) {
      const step = error instanceof WorkerFailure ? error.step : this.runtime.pool.step;
      this.failed = step;
      // What a step itself has thrown says what is wrong with the values.
      if (error instanceof InkgradError && !(error instanceof WorkerFailure)) throw error;
      const where = error instanceof WorkerFailure ? ` in thread ${error.thread}` : "";
      throw new BackendError(
        `the wasm backend: ${this.options.name} failed at the kernel "${this.names[step]}"${where}: ` +
          (error as Error).message,
        { cause: error },
      );
    }
  }

  private runHost(step: HostStep, base: number): void {
    const { node, inputs, to } = step.host;
    const address = (buffer: Buffer): number => this.addressIn(buffer, base, null);
    const elements = inputs.map((buffer) => this.view(buffer, address(buffer)).slice());
    try {
      this.view(to, address(to)).set(this.runtime.host(node, elements));
    } catch (error) {
      this.failed = step;
      throw error;
    }
  }

  /** Where a buffer lies; addresses of inputs stand in the table, too. */
  private addressIn(buffer: Buffer, base: number, addresses: readonly number[] | null): number {
    const offset = this.offsets.get(buffer);
    if (offset !== undefined) return base + offset;
    const place = this.places.get(buffer)!;
    if (addresses !== null) return addresses[place];
    return new Uint32Array(this.runtime.heap.memory.buffer, base + this.tableAt)[place];
  }

  private view({ dtype, elements }: Buffer, address: number): TypedArray {
    return elementsAt(dtype, this.runtime.heap.memory.buffer, address, elements);
  }

  profile(inputs: readonly Stored[], numbers: readonly number[]): KernelTime[] {
    this.apart ??= new WasmProgram(this.kernels, this.runtime, { ...this.options, apart: true });
    return this.apart.timed(inputs, numbers);
  }

  /** The time of each kernel, every one of which is a segment. */
  private timed(inputs: readonly Stored[], numbers: readonly number[]): KernelTime[] {
    const times: KernelTime[] = [];
    this.within(inputs, numbers, (base, threads) => {
      let index = 0;
      this.segments.forEach((segment, i) => {
        const start = performance.now();
        if (typeof segment === "function") this.runSegment(segment, index++, base, threads);
        else this.runHost(segment, base);
        const microseconds = (performance.now() - start) * 1000;
        times.push({ kernel: this.report.kernels[i], microseconds });
      });
    });
    return times;
  }
}

/** Operations, and bytes at what they cost compared to those. */
const weightOf = (step: Step): number => step.operations / 4 + bytesOfStep(step) / 8;

/** A loop over part of a large buffer reads no more than that part. */
function bytesOfStep({ reads, writes, loop }: Pick<Step, "reads" | "writes" | "loop">): number {
  const most = loop === undefined ? Infinity : sizeOf(loop.space);
  const bytes = ({ dtype, elements }: Buffer, most: number): number =>
    Math.min(elements, most) * bytesPer(dtype);
  return (
    [...new Set(reads)].reduce((sum, buffer) => sum + bytes(buffer, most), 0) +
    [...new Set(writes)].reduce((sum, buffer) => sum + bytes(buffer, Infinity), 0)
  );
}

function reportOf(segments: Lowered["segments"]): KernelReport[] {
  let phase = 0;
  return segments.flatMap((segment): KernelReport[] => {
    if (isHost(segment))
      return [
        {
          name: `${segment.name} (host)`,
          bytes: bytesOfStep(segment),
          operations: 0,
          phase: phase++,
        },
      ];
    return segment.flatMap((steps) => {
      const number = phase++;
      return steps.map((step) => ({
        name: step.name,
        bytes: bytesOfStep(step),
        operations: step.operations,
        phase: number,
      }));
    });
  });
}
