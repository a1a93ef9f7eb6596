import { ValueError } from "../../base/errors.js";
import { isTable } from "../input/matrix.js";
import { named } from "../input/names.js";
import type { State } from "../saving/state.js";
import type {
  Estimator,
  Features,
  Fitted,
  FitOptions,
  FittedTransformer,
  Labels,
  Transformed,
} from "../types.js";
import type { Pipeline, Steps } from "./pipeline-types.js";

/** An estimator, whatever it takes as y. */
interface Fittable extends Estimator {
  fit(x: Features, y?: Labels, options?: FitOptions): Promise<Fitted>;
}

interface PipelineState extends State {
  readonly kind: "pipeline";
  readonly steps: readonly State[];
}

/**
 * Estimators one after the other: each but the last transforms what the next one learns from. Fitting
 * fits all of them on the rows given and on no others, so a pipeline in a cross-validation cannot
 * learn from the rows it is judged on. It is what its last step is: a classifier, a regressor or a
 * transformer; pipelines may stand within pipelines. `sampleWeight` goes to the last step.
 *
 * @throws ValueError  if there are no steps, or one before the last does not transform
 * @source scikit-learn `make_pipeline`
 */
export function pipeline<const S extends Steps>(steps: S): Pipeline<S> {
  const made = {
    kind: "pipeline",
    options: { steps: [...steps] },
    async fit(x: Features, y?: Labels, options?: FitOptions) {
      const op = "pipeline.fit";
      if (steps.length === 0)
        throw new ValueError(`${op}: there are no steps; give estimators, the model last`);
      const fitted: Fitted[] = [];
      let input = x;
      for (const [i, step] of (steps as unknown as readonly Fittable[]).entries()) {
        const last = i === steps.length - 1;
        const learned = await step.fit(input, y, last ? options : undefined);
        fitted.push(learned);
        if (last) break;
        if (!isTransformer(learned))
          throw new ValueError(
            `${op}: step ${i} (${step.kind}) does not transform; only the last step may predict`,
          );
        input = handedOn(learned, input);
      }
      return assembled(fitted);
    },
  };
  return made as unknown as Pipeline<S>;
}

const isTransformer = (x: Fitted): x is FittedTransformer =>
  typeof (x as Partial<FittedTransformer>).transform === "function";

/** What a step gives, with the names of its columns. */
function handedOn(step: FittedTransformer, x: Features): Features {
  const out: Transformed = step.transform(x);
  return isTable(out) ? out : named(out, step.outputNames);
}

export const restorePipeline = (
  { steps }: PipelineState,
  restore: (state: State) => Fitted,
): Fitted => assembled(steps.map((state) => restore(state)));

/** Methods that a fitted pipeline has if its last step has them. */
const methods = ["predict", "predictProba", "predictLogProba", "decisionFunction", "transform"];

function assembled(steps: readonly Fitted[]): Fitted {
  const before = steps.slice(0, -1).filter(isTransformer);
  const last = steps[steps.length - 1] as unknown as Record<string, unknown>;
  const state: PipelineState = { kind: "pipeline", steps: steps.map((step) => step.state) };
  const own: Record<string, unknown> = {
    state,
    features: steps[0].features,
    featureNames: steps[0].featureNames,
    steps,
  };
  for (const name of methods)
    if (typeof last[name] === "function")
      own[name] = (x: Features, ...rest: unknown[]) =>
        (last[name] as (x: Features, ...rest: unknown[]) => unknown)(
          before.reduce((input, step) => handedOn(step, input), x),
          ...rest,
        );
  for (const name of ["classes", "outputNames"]) if (name in last) own[name] = last[name];
  const inverses = steps.map((step) => (step as { inverseTransform?: Inverse }).inverseTransform);
  if (inverses.every((inverse) => typeof inverse === "function"))
    own.inverseTransform = (x: unknown) =>
      inverses.reduceRight<unknown>((output, inverse) => inverse(output), x);
  return own as unknown as Fitted;
}

type Inverse = (x: unknown) => unknown;
