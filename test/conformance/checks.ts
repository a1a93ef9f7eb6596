import type { Backend } from "@src/backend/backend.js";
import { reference } from "@src/backend/reference/reference.js";
import { batchGraph } from "@src/grad/batch.js";
import { allocate, isFloat, isInteger } from "@src/base/dtype.js";
import { sizeOf } from "@src/base/shape.js";
import { makeNode } from "@src/graph/builder.js";
import { type GraphNode, placeholderNode } from "@src/graph/node.js";
import type { OpName } from "@src/ops/table.js";
import { decode, encode } from "../support/elements.js";
import { run, runRaw } from "../support/run.js";
import { gradientsOf, lifted, requireExpected, requireGradient } from "./expected.js";
import type { Sample } from "./samples.js";
import {
  callOf,
  nodesOf,
  opOf,
  specialSubjectsOf,
  type Subject,
  subjectOf,
  subjectsOf,
} from "./subjects.js";
import { repeated, stretched, views } from "./views.js";

/** What is asked of every operation on every backend. Each throws where the answer is wrong. */
export type Check = (backend: Backend, name: OpName) => Promise<void>;

/** Can the backend do it at all? It says so itself. */
const canRun =
  ({ capabilities }: Backend) =>
  (subject: Subject): boolean => {
    const types = [
      ...subject.samples.map((s) => s.dtype),
      callOf(subject, nodesOf(subject.samples)).dtype,
    ];
    return types.every(
      (dtype) => capabilities.dtypes.includes(dtype) && (dtype !== "f64" || capabilities.float64),
    );
  };

/** The values are the reference's, computed in f64 from the same (rounded) inputs. */
const forward: Check = async (backend, name) => {
  for (const subject of subjectsOf(name).filter(canRun(backend)))
    await requireForward(backend, subject);
};

const specialValues: Check = async (backend, name) => {
  for (const subject of specialSubjectsOf(name).filter(canRun(backend)))
    await requireForward(backend, subject);
};

async function requireForward(backend: Backend, subject: Subject): Promise<void> {
  const node = callOf(subject, nodesOf(subject.samples));
  const [got] = await run(backend, [node]);
  requireExpected(subject, node, got);
}

/** Results have the promised type and length, are arrays of their own, and inputs stay as they were. */
const contract: Check = async (backend, name) => {
  for (const subject of subjectsOf(name).filter(canRun(backend))) {
    const src = nodesOf(subject.samples);
    const node = callOf(subject, src);
    const [first, second] = await runRaw(backend, [node, node]);
    const wanted = allocate(node.dtype, 0);
    for (const got of [first, second])
      if (got.constructor !== wanted.constructor || got.length !== sizeOf(node.shape))
        throw new Error(
          `${subject.label}: expected ${wanted.constructor.name} of ${sizeOf(node.shape)}, ` +
            `got ${got.constructor.name} of ${got.length}`,
        );
    const buffers = [first, second, ...src.map((x) => x.value!)].map((array) => array.buffer);
    if (new Set(buffers).size !== buffers.length)
      throw new Error(
        `${subject.label}: a result shares its memory with an input or another result`,
      );
    src.forEach((x, i) => {
      const before = encode(subject.samples[i].values, x.dtype);
      if (x.value!.some((value, j) => !Object.is(value, before[j])))
        throw new Error(`${subject.label}: input ${i} was changed`);
    });
    await requireCanonical(backend, subject, node, decode(first, node.dtype));
  }
};

/** Inside a program a value is no wider than outside: no fraction, no −0 in an integer. */
async function requireCanonical(
  backend: Backend,
  subject: Subject,
  node: GraphNode,
  outside: readonly number[],
): Promise<void> {
  const wide = backend.capabilities.float64 ? "f64" : "f32";
  if (wide === "f32" && (isInteger(node.dtype) || node.dtype === "f64")) return;
  const [inside] = await run(backend, [makeNode("cast", [node], { dtype: wide })]);
  inside.forEach((value, i) => {
    if (!Object.is(value, outside[i]))
      throw new Error(
        `${subject.label}: element ${i} is ${Object.is(value, -0) ? "-0" : value} to what follows it ` +
          `in a program, ${outside[i]} when read`,
      );
  });
}

/** Inputs that are views of other tensors give what contiguous ones give. */
const nonContiguous: Check = async (backend, name) => {
  for (const subject of subjectsOf(name).filter(canRun(backend))) {
    if (subject.samples.length === 0) continue;
    for (const [kind, view] of Object.entries(views)) {
      const node = callOf(subject, subject.samples.map(view));
      const [got] = await run(backend, [node]);
      requireExpected({ ...subject, label: `${subject.label}, inputs ${kind}` }, node, got);
    }
    if (subject.samples.some(({ source }) => source.kind !== undefined || source.values)) continue;
    const rows = {
      ...subject,
      label: `${subject.label}, inputs stretched`,
      samples: subject.samples.map(repeated),
    };
    const node = callOf(rows, rows.samples.map(stretched));
    const [got] = await run(backend, [node]);
    requireExpected(rows, node, got);
  }
};

/** The gradient's graph, run as one program, gives what the reference computes of it in f64. */
const gradients: Check = async (backend, name) => {
  if (opOf(name).check.noGradient !== undefined) return;
  for (const subject of subjectsOf(name).filter(canRun(backend))) {
    const { dtype } = subject;
    if (dtype !== "f32" && dtype !== "f64") continue;
    if (!isFloat(callOf(subject, nodesOf(subject.samples)).dtype)) continue;
    const [own, exact] = [subject.samples, lifted(subject.samples)].map((samples) =>
      gradientsOf(subject, samples).flows.filter((flow) => flow !== null),
    );
    const [got, expected] = [await run(backend, own), await run(reference, exact)];
    got.forEach((values, i) =>
      requireGradient(expected[i], values, dtype, `${subject.label}, gradient ${i}`),
    );
  }
};

const batchSize = 3;

/** The batching rule gives what a loop over the examples gives, whichever inputs are batched. */
const batches: Check = async (backend, name) => {
  for (const subject of batchSubjects(name).filter(canRun(backend))) {
    const count = subject.samples.length;
    for (let mask = 1; mask < 2 ** count; mask++) {
      const batched = subject.samples.map((_, i) => ((mask >> i) & 1) === 1);
      const label = `${subject.label}, batched inputs ${batched.map(Number).join("")}`;
      await requireBatch(backend, { ...subject, label }, batched);
    }
  }
};

/** Types do not matter to batching rules but where they compute: one float, one integer, one bool. */
const batchSubjects = (name: OpName): readonly Subject[] => {
  const all = subjectsOf(name);
  const preferred = ["f64", "i32", "bool", "f16"].find((dtype) =>
    all.some((s) => s.dtype === dtype),
  );
  return all.filter((s) => s.dtype === preferred || !["f64", "i32", "bool"].includes(s.dtype));
};

async function requireBatch(backend: Backend, subject: Subject, batched: boolean[]): Promise<void> {
  const { name, samples, dtype, attrs } = subject;
  const src = samples.map((sample) => sample.source);
  const examples = Array.from({ length: batchSize }, (_, example): Subject => {
    const other = subjectOf(name, { src, attrs }, dtype, `${subject.label} example ${example}`);
    const own = samples.map((sample, i) =>
      batched[i] ? rotate(other.samples[i], example) : sample,
    );
    return { ...subject, samples: own, label: `${subject.label}, example ${example}` };
  });
  const trace = { open: true, outer: [] };
  const places = new Map<GraphNode, GraphNode>();
  const single = nodesOf(samples).map((node, i) => {
    if (!batched[i]) return node;
    const place = placeholderNode(node.shape, node.dtype, trace);
    const values = examples.flatMap((example) => example.samples[i].values);
    const whole = { ...samples[i], shape: [batchSize, ...node.shape], values };
    places.set(place, nodesOf([whole])[0]);
    return place;
  });
  const out = callOf(subject, single);
  const [whole] = batchGraph([out], places, batchSize);
  if (String(whole.shape) !== String([batchSize, ...out.shape]) || whole.dtype !== out.dtype)
    throw new Error(
      `${subject.label}: expected ${out.dtype} [${String([batchSize, ...out.shape])}], ` +
        `got ${whole.dtype} [${String(whole.shape)}]`,
    );
  const [got] = await run(backend, [whole]);
  const size = sizeOf(out.shape);
  examples.forEach((example, i) =>
    requireExpected(example, out, got.slice(i * size, (i + 1) * size)),
  );
}

/** Given values (indices, say) in another order for each example: else all would be alike. */
function rotate(sample: Sample, by: number): Sample {
  const { values, source } = sample;
  if (!source.values || source.ordered) return sample;
  return { ...sample, values: values.map((_, i) => values[(i + by) % values.length]) };
}

/** By the sentence that names the test. */
export const checks: Readonly<Record<string, Check>> = {
  "gives the reference's values": forward,
  "gives the reference's values for hard inputs": specialValues,
  "keeps the contract of results and inputs": contract,
  "takes views for inputs": nonContiguous,
  "has a gradient graph that runs as one program": gradients,
  "does for a batch what a loop would": batches,
};
