import { builder as b } from "../../graph/builder.js";
import { wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { type Domain, draw, parameter } from "./parameters.js";
import type { BernoulliFunction, Key, Parameter } from "./types.js";
import { fraction } from "./words.js";

const probability: Domain = {
  what: "a probability from 0 to 1",
  has: (x) => x >= 0 && x <= 1,
  hasNode: (x) => b.logicalAnd(b.greaterEqual(x, 0), b.lessEqual(x, 1)),
};

/**
 * true with probability p (default 0.5), to within 2⁻³³; never for 0, always for 1. In a tensor of
 * probabilities what is below 0, or NaN, counts as 0 and what is above 1 as 1. One word a result;
 * no gradient flows.
 *
 * @throws ValueError  unless 0 ≤ p ≤ 1
 */
export const bernoulli = ((
  key: Key,
  shape: readonly number[],
  { p = 0.5 }: { readonly p?: Parameter } = {},
): Tensor => {
  const request = draw("bernoulli", key, shape);
  const chance = parameter(request, "p", p, probability);
  if (typeof chance !== "number")
    // The fraction is never 0 and may be 1, so that ≤ is right at both ends.
    return wrap(b.lessEqual(fraction(request.key, request.shape, "f32").below, chance));
  const hits = Math.round(chance * 2 ** 32);
  if (hits === 0) return wrap(b.full({ ...request, value: 0, dtype: "bool" }));
  return wrap(b.lessEqual(b.randomBits(request.key, { shape: request.shape }), hits - 1));
}) as BernoulliFunction;
