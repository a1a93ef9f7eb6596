/** Probability p, odds p / (1 − p), log-odds log(p / (1 − p)): three ways to say the same. */

/** σ(z) = 1 / (1 + e^−z): the probability of log-odds z, with all digits where it is tiny. */
export function logistic(z: number): number {
  const decay = Math.exp(-Math.abs(z));
  return z < 0 ? decay / (1 + decay) : 1 / (1 + decay);
}

/** log(1 + e^z), finite for every finite z. */
export const log1pExp = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/** Odds of a probability: 0.75 → 3. */
export const probabilityToOdds = (p: number): number => p / (1 - p);
/** 3 → 0.75; infinite odds are probability 1. */
export const oddsToProbability = (odds: number): number =>
  odds === Infinity ? 1 : odds / (1 + odds);
/** The logit: log(p / (1 − p)); 0.5 → 0. */
export const probabilityToLogOdds = (p: number): number => Math.log(p) - Math.log1p(-p);
/** The logistic function: 0 → 0.5. */
export const logOddsToProbability = logistic;
/** log: 1 → 0. */
export const oddsToLogOdds = (odds: number): number => Math.log(odds);
/** exp: 0 → 1. */
export const logOddsToOdds = (logOdds: number): number => Math.exp(logOdds);
