import type { ThresholdObjective } from "../../learn/imbalance/index.js";
import { UsageError } from "../errors.js";

/** What `--optimise` asks of the threshold. */

export interface Goal {
  readonly objective: ThresholdObjective;
  /** For people: "the greatest F1". */
  readonly about: string;
  /** What a false positive and a false negative cost, for the cost curve. */
  readonly cost: { readonly fp: number; readonly fn: number };
}

const forms =
  "f1, f2, f0.5, accuracy, balanced, cost (of mistakes, all alike), cost@fp=1,fn=5, recall@p=0.8 (the greatest recall at this precision) " +
  "or precision@r=0.8";

/**
 * f1, recall@p=.8, cost@fp=1,fn=5, …
 *
 * @throws UsageError  for anything else
 */
export function goalOf(text: string): Goal {
  const cost = { fp: 1, fn: 1 };
  if (text === "accuracy") return { objective: "accuracy", about: "the greatest accuracy", cost };
  if (text === "balanced")
    return { objective: "balancedAccuracy", about: "the greatest balanced accuracy", cost };
  const beta = /^f(\d*\.?\d+)$/.exec(text);
  if (beta !== null)
    return {
      objective: beta[1] === "1" ? "f1" : { fBeta: Number(beta[1]) },
      about: `the greatest F${beta[1]}`,
      cost,
    };
  const [name, given] = text.split("@");
  const numbers = new Map(
    (given ?? "").split(",").map((part): [string, number] => {
      const [key, value] = part.split("=");
      return [key.trim(), value === undefined || value.trim() === "" ? NaN : Number(value)];
    }),
  );
  const only = (...keys: string[]): boolean =>
    numbers.size === keys.length && keys.every((key) => numbers.get(key)! >= 0);
  const share = (key: string): boolean => only(key) && numbers.get(key)! <= 1;
  if (text === "cost" || (name === "cost" && only("fp", "fn"))) {
    const own = text === "cost" ? cost : { fp: numbers.get("fp")!, fn: numbers.get("fn")! };
    const about = `the least cost, ${own.fp} for a false alarm and ${own.fn} for a miss`;
    return { objective: { cost: own }, about, cost: own };
  }
  if (name === "recall" && share("p")) {
    const floor = numbers.get("p")!;
    return {
      objective: { recallAtPrecision: floor },
      about: `the greatest recall at a precision of at least ${floor}`,
      cost,
    };
  }
  if (name === "precision" && share("r")) {
    const floor = numbers.get("r")!;
    return {
      objective: { precisionAtRecall: floor },
      about: `the greatest precision at a recall of at least ${floor}`,
      cost,
    };
  }
  throw new UsageError(`--optimise ${text}: expected ${forms}`);
}
