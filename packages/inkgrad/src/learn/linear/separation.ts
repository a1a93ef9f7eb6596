import type { Design, Seen, Weights } from "./design/design.js";
import { type FitWarning, separationWarning } from "./warnings.js";

/** Are the rows told apart without an error? Then coefficients can grow for ever, and the loss falls to 0. */
export function separated(design: Design, seen: Seen, weights: Weights): FitWarning | false {
  const { outputs, targets, weights: counts } = seen;
  const z = design.margins(weights);
  for (let row = 0; row < design.rows; row++) {
    if (counts !== null && counts[row] === 0) continue;
    if (outputs === 1) {
      if (!(z[row] * (2 * targets[row] - 1) > 0)) return false;
      continue;
    }
    const own = z[row * outputs + targets[row]];
    for (let k = 0; k < outputs; k++)
      if (k !== targets[row] && !(own > z[row * outputs + k])) return false;
  }
  return separationWarning(
    "the classes can be told apart without an error, so that without a penalty there is no finite solution: the " +
      'coefficients are as large as tol let them become. Take penalty: "l2", or fewer features',
  );
}
