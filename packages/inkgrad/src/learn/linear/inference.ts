import { choleskyInverse } from "./linear-algebra.js";
import { type LinearProblem } from "./linear-objective.js";
import type { Objective } from "./objective.js";
import { totalOf } from "./linear-objective.js";

/** The covariance of the coefficients, or why there is none. */
export interface Inference {
  /** [parameters, parameters], features first, then the intercept. */
  readonly covariance: Float64Array | null;
  readonly reason: string | null;
}

const mostParameters = 1000;
const none = (reason: string): Inference => ({ covariance: null, reason });

/**
 * The inverse of the information matrix at the maximum of the likelihood. Rows' weights count as numbers of
 * rows that are alike.
 *
 * @source statsmodels `Logit`
 */
export function inferenceOf(
  problem: LinearProblem,
  objective: Objective,
  x: Float64Array,
  separated: boolean,
): Inference {
  const { penalty, seen, frozen, design } = problem;
  if (penalty.strength > 0)
    return none("the penalty draws coefficients towards 0, and their spread is not known then");
  if (seen.outputs > 1)
    return none(
      'of softmax coefficients only differences between classes are determined; take multiClass: "ovr"',
    );
  if (separated) return none("the classes can be separated: there is no maximum of the likelihood");
  if (objective.size > mostParameters || objective.hessian === undefined)
    return none(`there are more than ${mostParameters} parameters`);
  if (frozen.length > 0)
    return none(`column ${frozen[0]} is constant: leave it out, its coefficient is not determined`);
  const total = totalOf(seen, design.rows);
  const information = objective.hessian(x).map((value) => value * total);
  const covariance = choleskyInverse(information, objective.size);
  if (covariance === null)
    return none("columns depend on each other linearly: their coefficients are not determined");
  return { covariance, reason: null };
}
