import { tensor } from "../../tensor/functions/create.js";
import { key } from "../../tensor/random/key.js";
import type { Weights } from "../callbacks/callback.js";
import type { Variables } from "../layer.js";
import { tensorsOf } from "../optimizers/trees.js";
import { breather } from "./breathe.js";
import type { Validation } from "./evaluate.js";
import { sourceOf } from "./source.js";
import { type Learning, statisticsStep } from "./step.js";

/**
 * Running statistics taken anew: means over all batches of some examples, in an order of its own, for
 * examples that lie sorted by class would make batches that are unlike the whole.
 */
export async function statisticsOf(
  { model, deterministic }: Learning,
  { params, state }: Weights,
  { data, batchSize }: Validation,
): Promise<Variables> {
  if (tensorsOf(state).length === 0) return state;
  const how = { batchSize, key: key(0), dropLast: false };
  const step = statisticsStep(model, deterministic);
  const breathe = breather();
  let [seen, kept] = [0, state];
  const source = sourceOf(data, how, "withStatisticsOf");
  for await (const { data: examples, rows, count } of source.epoch(0, 0)) {
    const momentum = tensor(seen / (seen + count), { dtype: "f32" });
    kept = step(params, kept, examples, rows, momentum);
    seen += count;
    await breathe();
  }
  return kept;
}
