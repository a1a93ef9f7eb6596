import { createHash } from "node:crypto";
import { random, setDeterministic } from "inkgrad";
import { batchNorm, callbacks, dense, dropout, input, relu, sequential } from "inkgrad/nn";

/**
 * Trains on a small problem, with all that has to be remembered: dropout, what a layer keeps,
 * gathered gradients, early stopping with its best weights. Prints what came of it.
 *
 *     node child.mjs <checkpoint> | node child.mjs  (without any)
 */
const path = process.argv[2] as string | undefined;
setDeterministic(true);

const n = 240;
const x = random.uniform(random.key(0), [n, 8], { min: -1, max: 1 });
const y = x.square().sum(1).less(2.6).cast("i32");
const model = sequential(
  input(8),
  dense(48),
  batchNorm(),
  relu(),
  dropout(0.2),
  dense(24),
  relu(),
  dense(2),
);
const learner = model.compile({
  loss: "sparseCategoricalCrossEntropy",
  metrics: ["accuracy"],
  accumulate: 3,
});
let told = false;
/** Tells whoever is to kill it that training goes on now. */
const begun = (): void => {
  if (!told) console.log("training");
  told = true;
};
const trained = await learner.fit(
  { x, y },
  {
    epochs: 120,
    batchSize: 7,
    validationSplit: 0.2,
    classWeights: "balanced",
    callbacks: [
      callbacks.earlyStopping({ monitor: "val_accuracy", patience: 90 }),
      { onBatchEnd: begun },
    ],
    health: { every: 100 },
    ...(path === undefined ? {} : { checkpoint: { path, everySeconds: 0.01 }, resume: true }),
  },
);
const figures = trained.history.map(({ seconds: _, ...rest }) => rest);
const results = [trained.params, trained.state, figures, trained.stopped];
const hash = createHash("sha256").update(JSON.stringify(results)).digest("hex");
console.log(`${hash} epochs: ${figures.length}`);
