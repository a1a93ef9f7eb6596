import { InkgradError } from "../../base/errors.js";
import { nameOf, readFile } from "../../data/system.js";
import type { Layer } from "../layer.js";
import { loss as makeLoss } from "../losses/loss.js";
import { model as makeModel } from "../model.js";
import { type CompileOptions, Learner } from "../training/learner.js";
import { outputOf } from "../training/output.js";
import { Trained } from "../training/trained.js";
import { modelFrom } from "./model-file.js";

export interface LoadOptions extends Partial<CompileOptions> {
  /** The layers, if the file does not have them: of functions of one's own only parameters are saved. */
  readonly model?: Layer;
}

/**
 * A model that was saved with `trained.save(path)` or `trained.toBytes()`. It predicts; with a loss
 * it evaluates and trains on too. No code is run that the file could bring.
 *
 * @param source  a path or `file:` URL, or bytes (in a page: those of a response)
 * @throws FileError    if it cannot be read
 * @throws FormatError  if it is damaged, no model, or its tensors do not fit its layers
 */
export async function loadModel(
  source: string | URL | Uint8Array | ArrayBuffer,
  { model, loss, ...options }: LoadOptions = {},
): Promise<Trained> {
  const isPath = typeof source === "string" || source instanceof URL;
  const what = isPath ? `loadModel ${nameOf(source)}` : "loadModel";
  const content = modelFrom(isPath ? await readFile(source) : source, model, what);
  const { layer, params, state, facts } = content;
  const made = model === undefined ? makeModel(layer) : layer;
  const learner = new Learner(made, { ...options, loss: loss ?? noLoss });
  const { optimizer, loss: chosen } = learner.learning;
  return new Trained(
    learner,
    { params, state, optimizer: optimizer.init(params) },
    {
      ...facts,
      output: loss === undefined ? facts.output : outputOf(layer, chosen),
      stopped: null,
    },
  );
}

const noLoss = makeLoss("none", null, () => {
  throw new InkgradError(
    "this model was loaded without a loss; to evaluate it or train on, say what is to be made " +
      'small: loadModel(file, { loss: "sparseCategoricalCrossEntropy" })',
  );
});
