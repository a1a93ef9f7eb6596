import { FormatError, InkgradError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { scoped } from "../../tensor/scope.js";
import { key } from "../../tensor/random/key.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Weights } from "../callbacks/callback.js";
import type { Json, Layer } from "../layer.js";
import type { EpochFigures } from "../training/history.js";
import { type Output, outputs } from "../training/output.js";
import { architectureOf, asFormatError, layerFrom, whyNotSaved } from "./architecture.js";
import { below, misfit, putInto } from "./fit-tensors.js";
import { seal, unseal } from "./sealed.js";
import { namesOf } from "./variables.js";
import { libraryVersion } from "./version.js";

/** A model as a file: parameters under their names, and what they are parameters of. */

/** What a file says about a model besides its layers. */
export interface ModelFacts {
  /** Shape of an example. */
  readonly input: Shape;
  /** What its numbers mean. */
  readonly output: Output;
  /** Names of the classes, by number. */
  readonly classes?: readonly string[] | undefined;
  /** What was done to the data before they came to the model, in words or numbers of one's own. */
  readonly preprocessing?: Json | undefined;
  readonly history: readonly EpochFigures[];
}

/** What layers keep is told apart from what they learn by this. */
const keptPrefix = "state/";

/** @returns the bytes, and why the layers are not in them, if they are not */
export function modelBytes(
  layer: Layer,
  { params, state }: Weights,
  { input, output, classes, preprocessing, history }: ModelFacts,
): { bytes: Uint8Array<ArrayBuffer>; withoutLayers: string | null } {
  const tensors = new Map<string, Tensor>();
  for (const [name, x] of namesOf(params)) {
    if (name.startsWith(keptPrefix))
      throw new InkgradError(`save: no layer may be called "${name}"; give it another name`);
    tensors.set(name, x);
  }
  for (const [name, x] of namesOf(state)) tensors.set(keptPrefix + name, x);
  const withoutLayers = whyNotSaved(layer);
  const about = {
    library: libraryVersion,
    architecture: withoutLayers === null ? architectureOf(layer) : null,
    withoutLayers,
    input,
    output,
    classes,
    preprocessing,
    history: history.map(({ health: _, ...figures }) => figures),
  };
  return { bytes: seal("model", about, tensors), withoutLayers };
}

/** What a model file holds. */
export interface ModelContent extends Weights {
  readonly layer: Layer;
  readonly facts: ModelFacts;
}

/**
 * Nothing that a file holds is run: layers are made by the functions of this library, from options.
 *
 * @param given  the layers, if the file does not have them
 * @throws FormatError  if it is no whole model file, or its tensors do not fit its layers
 */
export function modelFrom(
  bytes: Uint8Array | ArrayBuffer,
  given: Layer | undefined,
  what: string,
): ModelContent {
  const { about, tensors } = unseal("model", bytes, what);
  const facts = factsOf(about, what);
  if (given === undefined && about.architecture === null)
    throw new FormatError(
      `${what}: the file holds parameters only, since ${String(about.withoutLayers)}; make the model ` +
        "as you did then, and give it: loadModel(file, { model })",
    );
  const layer = given ?? asFormatError(what, () => layerFrom(about.architecture));
  // Their shapes are wanted alone: nothing is computed, however large.
  const { params, state } = asFormatError(what, () =>
    scoped(() => ({
      params: layer.init?.(key(0), facts.input) ?? {},
      state: layer.initState?.(facts.input) ?? {},
    })),
  );
  const kept = below(keptPrefix, tensors);
  const learned = new Map([...tensors].filter(([name]) => !name.startsWith(keptPrefix)));
  const wrong = misfit(params, learned) ?? misfit(state, kept);
  if (wrong !== null) throw new FormatError(`${what}: the tensors do not fit the layers: ${wrong}`);
  return { layer, params: putInto(params, learned), state: putInto(state, kept), facts };
}

function factsOf(about: { readonly [key: string]: unknown }, what: string): ModelFacts {
  const { input, output, classes, preprocessing, history } = about;
  const isShape = Array.isArray(input) && input.every((n) => Number.isSafeInteger(n) && n >= 1);
  if (!isShape) throw new FormatError(`${what}: the shape of an example is missing`);
  const names = classes === undefined || (Array.isArray(classes) && classes.every(isText));
  if (!names) throw new FormatError(`${what}: the classes are no list of names`);
  const epochs =
    Array.isArray(history) && history.every((one) => isObject(one) && isObject(one.train));
  if (!epochs) throw new FormatError(`${what}: the history is no list of epochs`);
  if (!(outputs as readonly unknown[]).includes(output))
    throw new FormatError(`${what}: what the outputs mean must be one of ${outputs.join(", ")}`);
  return { input, output, classes, preprocessing, history } as unknown as ModelFacts;
}

const isText = (x: unknown): x is string => typeof x === "string";
const isObject = (x: unknown): x is Record<string, unknown> => typeof x === "object" && x !== null;
