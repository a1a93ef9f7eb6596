import { backend, loadOptions } from "../../backend/registry.js";
import type { Backend, Executable, LoadOptions } from "../../backend/backend.js";
import { BackendError, TraceError } from "../../base/errors.js";
import { sameShape } from "../../base/shape.js";
import { describe, type Flattened, flatten } from "../../base/tree.js";
import { compiled } from "../../compile/compiled.js";
import { Recent } from "../../compile/recent.js";
import { constantNode, type GraphNode, isOpen, nextId, placeholderNode } from "../../graph/node.js";
import { topological } from "../../graph/schedule.js";
import { isArray, type Stored } from "../../graph/stored.js";
import { evaluateNow } from "../evaluate.js";
import { isTensor, Tensor } from "../tensor.js";
import type { AnyFunction } from "../types/transforms.js";
import { requireFunction } from "./leaves.js";
import { closing, traceOver } from "./trace.js";

export interface CompileOptions {
  /**
   * Arguments that are given up: the results take over their memory and stay with the backend, so
   * that a training step changes its parameters in place. Their tensors must not be used afterwards.
   */
  readonly donate?: number | readonly number[];
  /** The same bits on every machine and engine; default: as `setDeterministic` says. */
  readonly deterministic?: boolean;
  /** What messages and profiles call it; default: the function's own name. */
  readonly name?: string;
}

/** Programs kept for each function, one for each form of its arguments. */
const capacity = 64;

/**
 * The function as a program: traced once for every form of its arguments (shapes, types, and the
 * values of numbers, strings and booleans among them), then run without going through JavaScript.
 * The function must compute its result from its arguments alone, and always the same way: what it
 * does besides (printing, counting) happens only when it is traced; tensors from outside are taken
 * as they are then. Inside another transform it is the function itself.
 *
 * @param f  takes and returns trees of tensors; numbers, strings, booleans and null may be among them
 * @throws TraceError  if `f` reads a value while it is traced, or a donated tensor is used again
 */
export function compile<F extends AnyFunction>(f: F, options: CompileOptions = {}): F {
  requireFunction(f, "compile");
  // From untyped callers too.
  const given: unknown = options;
  if (typeof given !== "object" || given === null)
    throw new TraceError(
      `compile: expected options such as { donate: 0 } after the function, got ${describe(given)}`,
    );
  const compiled = new Compiled(f, options);
  const run = (...args: unknown[]): unknown => compiled.call(args);
  known.set(run, compiled);
  return run as F;
}

const known = new WeakMap<AnyFunction, Compiled>();

/** What stands behind a compiled function; any other is compiled. */
export const asCompiled = (f: AnyFunction): Compiled => known.get(f) ?? new Compiled(f, {});

/** A tensor, or what may stand among tensors and is the same for every run of a program. */
type Leaf = Tensor | Static;
type Static = number | string | boolean | null | undefined;

function isStatic(x: unknown): x is Static {
  if (x === null || x === undefined) return true;
  const type = typeof x;
  return type === "number" || type === "string" || type === "boolean";
}
const isLeaf = (x: unknown): x is Leaf => isTensor(x) || isStatic(x);

/** A program for one form of the arguments. */
interface Program {
  readonly executable: Executable;
  readonly constants: readonly Stored[];
  /** The result's tensors in order: their shapes and types. */
  readonly outputs: readonly Pick<GraphNode, "shape" | "dtype">[];
  /** The result's tree from its tensors. */
  readonly unflatten: (tensors: readonly Tensor[]) => unknown;
}

/** The program of the last call, and what it was for. */
interface Last {
  readonly program: Program;
  /** The leaves of arguments of the same form. */
  readonly leavesOf: Flattened<Leaf>["leavesOf"];
  /** Shapes and types of the arguments' tensors, and everything else among them. */
  readonly leaves: readonly (Pick<GraphNode, "shape" | "dtype"> | { readonly value: Static })[];
  readonly backend: Backend;
  readonly deterministic: boolean | undefined;
  readonly wide: boolean | undefined;
}

export class Compiled {
  /** Most calls want the program of the call before: it is found without spelling out their form. */
  private last: Last | null = null;
  private readonly programs = new Recent<Program>(capacity, ({ executable }) => {
    executable.dispose?.();
  });
  private readonly donated: readonly number[];
  private backend: Backend | null = null;
  readonly name: string;

  constructor(
    private readonly f: AnyFunction,
    private readonly options: CompileOptions,
  ) {
    const { donate = [], name = f.name } = options;
    this.donated = typeof donate === "number" ? [donate] : donate;
    this.name = name === "" ? "a compiled function" : name;
    for (const i of this.donated)
      if (!(Number.isInteger(i) && i >= 0))
        throw new TraceError(
          `compile: donate must be numbers of arguments, counted from 0, got ${describe(i)}`,
        );
  }

  private get loading(): LoadOptions {
    const usual = loadOptions();
    const { deterministic = usual.deterministic } = this.options;
    return { ...usual, deterministic, name: this.name };
  }

  call(args: readonly unknown[]): unknown {
    const again = this.sameAgain(args);
    if (again !== null) return this.run(again.program, again.inputs);
    const tree = treeOf(args, "the arguments");
    const tensors = tree.leaves.filter(isTensor);
    if (tensors.some(({ node }) => isTraced(node))) return this.f(...args);
    const { program, inputs } = this.prepare(args, tree, tensors);
    if (program === null) return this.f(...args);
    return this.run(program, inputs);
  }

  private run({ executable, constants, outputs, unflatten }: Program, inputs: Stored[]): unknown {
    const results = executable.run([...inputs, ...constants], []) as Stored[];
    return unflatten(
      results.map((stored, i) => {
        const { shape, dtype } = outputs[i];
        return new Tensor(constantNode(stored, shape, dtype));
      }),
    );
  }

  /** The program of the last call, if it serves for these arguments, and their values. */
  private sameAgain(args: readonly unknown[]): { program: Program; inputs: Stored[] } | null {
    const { last } = this;
    if (last?.backend !== backend()) return null;
    const { deterministic, wide } = this.loading;
    if (last.deterministic !== deterministic || last.wide !== wide) return null;
    const leaves = last.leavesOf(args);
    if (leaves === null) return null;
    const nodes: GraphNode[] = [];
    for (let i = 0; i < leaves.length; i++) {
      const [leaf, before] = [leaves[i], last.leaves[i]];
      if (!isTensor(leaf)) {
        if (!("value" in before) || !Object.is(leaf, before.value)) return null;
        continue;
      }
      const { node } = leaf;
      if ("value" in before || !node.known || isTraced(node)) return null;
      if (node.dtype !== before.dtype || !sameShape(node.shape, before.shape)) return null;
      nodes.push(node);
    }
    return { program: last.program, inputs: this.apart(nodes, last.program.constants) };
  }

  /** The program for some arguments (null: there can be none), and their values. */
  prepare(
    args: readonly unknown[],
    tree: Flattened<Leaf> = treeOf(args, "the arguments"),
    tensors: readonly Tensor[] = tree.leaves.filter(isTensor),
  ): { program: Program | null; inputs: Stored[] } {
    const now = backend();
    if (!now.capabilities.synchronous)
      throw new BackendError(
        `compile: the backend "${now.name}" computes in the background; choose another with setBackend`,
      );
    if (this.backend !== now) this.programs.clear();
    this.backend = now;
    this.last = null;
    const nodes = tensors.map(({ node }) => node);
    // Only these: what a backend keeps would be copied out of its memory.
    const pending = nodes.filter((node) => !node.known);
    if (pending.length > 0) evaluateNow(pending);
    const loading = this.loading;
    const form = `${String(loading.deterministic)} ${String(loading.wide)} ${formOf(tree)}`;
    const program = this.programs.find(form) ?? this.trace(args, tree, tensors, now, loading);
    if (program !== null) {
      this.programs.keep(form, program);
      const { deterministic, wide } = loading;
      const { leavesOf } = tree;
      const leaves = tree.leaves.map((leaf) =>
        isTensor(leaf) ? { shape: leaf.node.shape, dtype: leaf.node.dtype } : { value: leaf },
      );
      this.last = { program, leavesOf, leaves, backend: now, deterministic, wide };
    }
    return { program, inputs: this.apart(nodes, program?.constants ?? []) };
  }

  /** The executable and its inputs, nothing given up: for `inspect` and `profile`. */
  forLooking(
    args: readonly unknown[],
    op: string,
  ): { executable: Executable; inputs: readonly Stored[] } {
    const same = new Compiled(this.f, { ...this.options, donate: [], name: this.name });
    const { program, inputs } = same.prepare(args);
    if (program === null)
      throw new TraceError(
        `${op}: ${this.name} uses a tensor that is being differentiated; call ${op} outside of grad`,
      );
    return { executable: program.executable, inputs: [...inputs, ...program.constants] };
  }

  private trace(
    args: readonly unknown[],
    tree: Flattened<Leaf>,
    tensors: readonly Tensor[],
    on: Backend,
    loading: LoadOptions,
  ): Program | null {
    const start = nextId();
    const trace = traceOver([]);
    const places = tensors.map(({ node }) => placeholderNode(node.shape, node.dtype, trace));
    const result = closing(trace, () => {
      let next = 0;
      const stands = tree.leaves.map((leaf) =>
        isTensor(leaf) ? new Tensor(places[next++]) : leaf,
      );
      const value = this.f(...(tree.unflatten(stands) as unknown[]));
      if (value instanceof Promise)
        throw new TraceError(
          `compile: ${this.name} must return tensors, it returned ${describe(value)}; ` +
            "functions that are compiled cannot be async",
        );
      return treeOf(value, "the result");
    });
    const outputs = result.leaves.filter(isTensor).map(({ node }) => node);
    // What was begun outside is finished there: it is the same for every run. But a derivative may
    // be asked for by it: then nothing can be made of it but more graph.
    const outside = topological(outputs, (node) => node.known || node.id < start).filter(
      (node) => node.id < start,
    );
    if (outside.some(isTraced)) return null;
    const pending = outside.filter((node) => !node.known);
    if (pending.length > 0) evaluateNow(pending);
    const donated = this.placesOf(args);
    const { executable, constants } = compiled(outputs, places, donated, on, loading);
    return {
      executable,
      constants,
      outputs: outputs.map(({ shape, dtype }) => ({ shape, dtype })),
      unflatten: withStatics(result),
    };
  }

  /** Places of the donated arguments' tensors among all tensors. */
  private placesOf(args: readonly unknown[]): number[] {
    const beyond = this.donated.find((i) => i >= args.length);
    if (beyond !== undefined)
      throw new TraceError(
        `compile: donate names argument ${beyond}, and ${this.name} was called with ${args.length}; ` +
          "arguments are counted from 0",
      );
    let count = 0;
    return args.flatMap((arg, i) => {
      const own = treeOf(arg, `argument ${i}`)
        .leaves.filter(isTensor)
        .map(() => count++);
      return this.donated.includes(i) ? own : [];
    });
  }

  /**
   * The values of the arguments; what is given up twice, or used besides, is copied, be it by
   * another argument or because the function has it from outside.
   */
  private apart(nodes: readonly GraphNode[], constants: readonly Stored[]): Stored[] {
    const values = nodes.map((node) => node.stored!);
    if (this.donated.length === 0) return values;
    const seen = new Set<Stored>(constants);
    return values.map((stored) => {
      if (isArray(stored)) return stored;
      if (seen.has(stored)) return stored.read();
      seen.add(stored);
      return stored;
    });
  }
}

const isTraced = ({ trace }: GraphNode): boolean => trace !== null && isOpen(trace);

const treeOf = (tree: unknown, what: string): Flattened<Leaf> =>
  flatten(tree, {
    isLeaf,
    what: `compile: ${what} to be tensors, numbers, strings, booleans or null`,
  });

/** Puts tensors in the places of a result's own; what else stands there is the same at every call. */
function withStatics({ leaves, unflatten }: Flattened<Leaf>): Program["unflatten"] {
  const statics = leaves.map((leaf) => (isTensor(leaf) ? null : { value: leaf }));
  if (statics.every((leaf) => leaf === null)) return unflatten;
  return (found) => {
    let next = 0;
    return unflatten(statics.map((leaf) => (leaf === null ? found[next++] : leaf.value)));
  };
}

/** What has to be the same for a program to serve. */
function formOf({ leaves, form }: Flattened<Leaf>): string {
  let text = form;
  for (const leaf of leaves)
    text += isTensor(leaf)
      ? `;${leaf.node.dtype}${leaf.node.shape.join()}`
      : `;${typeof leaf === "string" ? JSON.stringify(leaf) : Object.is(leaf, -0) ? "-0" : String(leaf)}`;
  return text;
}
