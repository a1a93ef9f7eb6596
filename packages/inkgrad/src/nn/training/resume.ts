import { ValueError } from "../../base/errors.js";
import { isFloat } from "../../base/dtype.js";
import { describe } from "../../base/tree.js";
import { storedElements } from "../../data/tensor-of.js";
import type { Callback, CheckpointOptions } from "../callbacks/callback.js";
import { CheckpointFile, checkpointBytes, snapshotOf } from "../saving/checkpoint-file.js";
import type { Variables } from "../layer.js";
import { entriesOf } from "../saving/variables.js";
import { fingerprintOf } from "../saving/fingerprint.js";
import type { Examples } from "./examples.js";
import type { FitOptions } from "./learner.js";
import type { Snapshot } from "./snapshot.js";
import type { BatchStream } from "./source.js";
import type { Carry, Learning } from "./step.js";

/** The files of a training's checkpoints. */
export interface CheckpointFiles {
  readonly plans: readonly CheckpointOptions[];
  write(path: string, training: { snapshot(): Snapshot }): Promise<void>;
  /** Where to go on from; undefined: from the beginning. */
  read(carry: Carry): Promise<Snapshot | undefined>;
}

export function checkpointFiles(
  learning: Learning,
  data: Examples | BatchStream,
  options: FitOptions,
  callbacks: readonly Callback[],
): CheckpointFiles {
  const plans = callbacks.flatMap(({ checkpoint }) => (checkpoint ? [checkpoint] : []));
  const paths = plans.map(({ path }) => path);
  for (const path of paths)
    if (typeof path !== "string" || path === "")
      throw new ValueError(`fit: a checkpoint needs a path, got ${describe(path)}`);
  if (new Set(paths).size < paths.length)
    throw new ValueError(`fit: two checkpoints have the path ${paths.join(", ")}`);
  const { resume = false } = options;
  if (resume === true && plans.length === 0)
    throw new ValueError(
      "fit: resume: true goes on from the file of a checkpoint; give checkpoint: { path }, or the path",
    );
  const files = new Map(paths.map((path) => [path, new CheckpointFile(path)]));
  // Asked for once: what it is about does not change while training goes on.
  let known: ReturnType<typeof fingerprintOf> | undefined;
  const setup = () => (known ??= fingerprintOf(learning, data, options));
  return {
    plans,
    async write(path, training) {
      const snapshot = training.snapshot();
      // The step before may have spoiled them, which shows in the loss of the next batch only.
      if (!allFinite(snapshot.carry.params)) return;
      await files.get(path)!.write(checkpointBytes(snapshot, setup()));
    },
    async read(carry) {
      if (resume === false) return undefined;
      const path = resume === true ? paths[0] : resume;
      const file = files.get(path) ?? new CheckpointFile(path);
      const found = await file.read();
      if (found === null && resume === true) return undefined;
      if (found === null) throw file.missing();
      const names = callbacks.map(({ name = "callback" }) => name);
      const expected = { setup: setup(), carry, callbacks: names };
      return snapshotOf(found.sealed, expected, `resume from ${found.from}`);
    },
  };
}

const allFinite = (params: Variables): boolean =>
  entriesOf(params).every(
    ({ tensor }) =>
      !isFloat(tensor.dtype) || storedElements(tensor.cast("f64")).every(Number.isFinite),
  );
