import { ValueError } from "../../base/errors.js";
import type { Penalty } from "./linear-objective.js";

export type PenaltyName = "none" | "l2" | "l1" | "elasticNet";

export interface PenaltyOptions {
  /** Default "l2". */
  readonly penalty?: PenaltyName;
  /**
   * How weak the penalty is (default 1): the cost is penalty(w) + C Σ losses, as in scikit-learn. Written
   * as a mean of m losses + (λ/m) penalty(w), λ is 1/C.
   */
  readonly C?: number;
  /** Of "elasticNet": (1 − l1Ratio) ½‖w‖² + l1Ratio ‖w‖₁ (default 0.5). */
  readonly l1Ratio?: number;
}

const ratios = { none: 0, l2: 0, l1: 1, elasticNet: null };

/** @param total  the sum of how much rows count */
export function penaltyOf(options: PenaltyOptions, total: number, op: string): Penalty {
  const { penalty = "l2", C = 1, l1Ratio = 0.5 } = options;
  if (!Object.hasOwn(ratios, penalty))
    throw new ValueError(
      `${op}: penalty must be "none", "l2", "l1" or "elasticNet", got ${JSON.stringify(penalty)}`,
    );
  if (!(typeof C === "number" && C > 0))
    throw new ValueError(
      `${op}: C must be a number > 0, got ${String(C)}; it is the inverse of the penalty's strength, ` +
        'and for no penalty there is penalty: "none"',
    );
  if (!(l1Ratio >= 0 && l1Ratio <= 1))
    throw new ValueError(`${op}: l1Ratio must be from 0 to 1, got ${String(l1Ratio)}`);
  const strength = penalty === "none" ? 0 : 1 / (C * total);
  return { strength, ratio: ratios[penalty] ?? l1Ratio };
}
