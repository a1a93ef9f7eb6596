import { FileError, FormatError } from "../../base/errors.js";
import { exists, readFile } from "../../data/system.js";
import {
  nextOf,
  previousOf,
  removeLeftovers,
  replaceFileSafely,
} from "../../data/system-replace.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Json, Variables } from "../layer.js";
import type { CallbackState, Snapshot, SnapshotPlace } from "../training/snapshot.js";
import type { Carry } from "../training/step.js";
import { differences } from "./fingerprint.js";
import { below, formOf, misfit, putInto, treeOfForm } from "./fit-tensors.js";
import { type Sealed, seal, unseal } from "./sealed.js";
import { namesOf } from "./variables.js";

/** A training's state as a file. */

/** What is in the carry, without what is not there. */
const carried = ({ gathered, ...rest }: Carry): Variables =>
  gathered === null ? rest : { ...rest, gathered };

/** @param setup  what must be the same for the training to go on (`fingerprintOf`) */
export function checkpointBytes(
  { carry, place, callbacks }: Snapshot,
  setup: Json,
): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, Tensor>();
  for (const [name, x] of namesOf(carried(carry))) tensors.set(`carry/${name}`, x);
  const remembered = callbacks.map(({ name, state, variables }, i) => {
    if (variables === null) return { name, state };
    for (const [own, x] of namesOf(variables)) tensors.set(`callbacks/${i}/${own}`, x);
    return { name, state, form: formOf(variables) };
  });
  return seal("checkpoint", { setup, place, callbacks: remembered }, tensors);
}

/** What a training expects of a checkpoint that it is to go on from. */
export interface Expected {
  readonly setup: Json;
  readonly carry: Carry;
  /** Names of the callbacks. */
  readonly callbacks: readonly string[];
}

/**
 * The training in a checkpoint.
 *
 * @throws FormatError  if it is damaged, or belongs to another training: the message says which
 *   differences there are
 */
export function snapshotOf({ about, tensors }: Sealed, expected: Expected, what: string): Snapshot {
  const place = about.place as SnapshotPlace;
  const callbacks = about.callbacks as readonly Written[];
  const refuse = (why: string): FormatError =>
    new FormatError(
      `${what}: it belongs to another training: ${why}; train as then, or begin anew without resume`,
    );
  const other = differences(about.setup as Json, expected.setup);
  if (other.length > 0) throw refuse(other.join(", "));
  const form = carried(expected.carry);
  const own = below("carry/", tensors);
  const wrong = misfit(form, own);
  if (wrong !== null) throw refuse(wrong);
  const names = callbacks.map(({ name }) => name);
  if (names.join() !== expected.callbacks.join())
    throw refuse(
      `its callbacks were [${names.join(", ")}], they are [${expected.callbacks.join(", ")}]`,
    );
  const remembered = callbacks.map(({ name, state, form }, i): CallbackState => {
    const variables =
      form === undefined ? null : treeOfForm(form, below(`callbacks/${i}/`, tensors));
    if (variables === undefined) throw new FormatError(`${what}: it lacks tensors of ${name}`);
    return { name, state, variables };
  });
  const carry = { gathered: null, ...(putInto(form, own) as object) } as Carry;
  return { carry, place, callbacks: remembered };
}

interface Written {
  readonly name: string;
  readonly state: Json;
  readonly form?: Json;
}

/** Where a training's checkpoints are, and whether the one there is worth keeping. */
export class CheckpointFile {
  private sound = false;

  constructor(readonly path: string) {}

  async write(bytes: Uint8Array): Promise<void> {
    await replaceFileSafely(this.path, bytes, { keep: this.sound });
    this.sound = true;
  }

  /**
   * The newest checkpoint that is whole: the file itself, or the one before if it is missing or
   * damaged. Null if there is none at all.
   *
   * @throws FormatError  if what there is is damaged
   */
  async read(): Promise<{ readonly sealed: Sealed; readonly from: string } | null> {
    await removeLeftovers(this.path);
    let damaged: FormatError | undefined;
    for (const from of [this.path, nextOf(this.path), previousOf(this.path)])
      try {
        if (!(await exists(from))) continue;
        const sealed = unseal("checkpoint", await readFile(from), `checkpoint ${from}`);
        this.sound = from === this.path;
        return { sealed, from };
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        damaged ??= error;
      }
    if (damaged !== undefined) throw damaged;
    return null;
  }

  /** For those who name the file to go on from. */
  missing(): FileError {
    return new FileError(`resume: there is no checkpoint ${this.path}; check the path`);
  }
}
