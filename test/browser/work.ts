import fc from "fast-check";
import type { Backend } from "@src/backend/backend.js";
import { backend } from "@src/backend/registry.js";
import { print } from "@src/graph/print.js";
import { everyCheck } from "../conformance/every-check.js";
import { evaluateGraph, numbersOf } from "../support/evaluate-graph.js";
import { randomGraph, type RandomGraph } from "../support/random-graph.js";
import { modes } from "./modes.js";
import { train } from "./training.js";

/** What Node and a page do alike: plain data comes out, so that it can be sent and compared. */
export interface Outcome {
  /** Of the conformance suite. */
  readonly checks: number;
  /** How often a program was run for those: a check that passes over its samples shows here. */
  readonly programs: number;
  readonly failures: readonly string[];
  readonly graphs: readonly GraphOutcome[];
  readonly training: Readonly<Record<string, string>>;
}

export interface GraphOutcome {
  readonly text: string;
  readonly outputs: readonly string[];
}

const graphsOfEachKind = 40;

/** Does all of it in one mode; the seed is that of the random graphs. */
export async function work(mode: string, seed: number): Promise<Outcome> {
  const failures: string[] = [];
  // The failure of one part must not hide those of the others.
  const attempt = async <T>(what: string, f: () => T | Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await f();
    } catch (error) {
      failures.push(`${what}: ${String(error)}`);
      return otherwise;
    }
  };

  await modes[mode].enter();
  const counted = counting(backend());
  const others = takingTurns();
  let checks = 0;
  for (const { sentence, name, run } of everyCheck) {
    await attempt(`${sentence}: ${name}`, () => run(counted), undefined);
    checks++;
    await others();
  }

  const graphs: GraphOutcome[] = [];
  for (const kind of [randomGraph(), randomGraph({ smooth: true })])
    for (const graph of fc.sample(kind, { numRuns: graphsOfEachKind, seed })) {
      const text = print(graph.outputs);
      graphs.push({ text, outputs: await attempt(text, () => outputsOf(graph), []) });
    }

  const training: Record<string, string> = {};
  const trained = await attempt("training", () => train(25), {});
  for (const [name, values] of Object.entries(trained)) training[name] = exactly(values);
  return { checks, programs: counted.runs, failures, graphs, training };
}

function outputsOf({ inputs, values, outputs }: RandomGraph): string[] {
  const found = evaluateGraph(outputs, inputs, values, backend());
  return outputs.map(({ dtype }, i) => exactly(numbersOf(found[i], dtype)));
}

/** Digits that tell every number from every other; NaN has one spelling, whatever its bits. */
const exactly = (values: ArrayLike<number>): string =>
  Array.from(values, (x) => (Object.is(x, -0) ? "-0" : String(x))).join(" ");

function counting(backend: Backend): Backend & { readonly runs: number } {
  const counted = {
    ...backend,
    runs: 0,
    load(program: Parameters<Backend["load"]>[0]) {
      const executable = backend.load(program);
      return {
        run(...args: Parameters<typeof executable.run>) {
          counted.runs++;
          return executable.run(...args);
        },
      };
    },
  };
  return counted;
}

/** A page that never waits cannot be asked anything, nor closed; one that always waits is slow. */
function takingTurns(): () => Promise<void> {
  let last = Date.now();
  return async () => {
    if (Date.now() - last < 100) return;
    await new Promise((resume) => setTimeout(resume));
    last = Date.now();
  };
}
