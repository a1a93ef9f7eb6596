import { TraceError } from "../../base/errors.js";
import { builder as b } from "../../graph/builder.js";
import { customRule } from "../../grad/custom-rule.js";
import type { Node } from "../../ops/op.js";
import { wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { subkeys } from "./key.js";
import { normalNoise } from "./normal.js";
import { draw, type Draw, guarded, parameter, positive } from "./parameters.js";
import type { FloatOption, FloatType, Key, Parameter, ParametricSampler } from "./types.js";
import { exponentialNoise, row } from "./words.js";

interface GammaOptions {
  /** The shape parameter, > 0. */
  readonly alpha: Parameter;
  /** > 0 (default 1): one over the rate. */
  readonly scale?: Parameter;
}

/**
 * Gamma: density xᵅ⁻¹ e^(−x/scale) / (Γ(α) scaleᵅ) for x > 0; mean α · scale. For small α most of
 * it lies below the least float, and is given as 0. The gradient flows to `scale`; asking for one
 * with respect to `alpha` throws. Where a tensor's parameter is not positive the result is NaN.
 *
 * @throws ValueError  unless alpha > 0 and scale > 0
 * @throws TraceError  when differentiated with respect to alpha
 */
export const gamma = ((
  key: Key,
  shape: readonly number[],
  { alpha, scale = 1, dtype }: GammaOptions & FloatOption<FloatType> = {} as GammaOptions,
): Tensor => {
  const request = draw("gamma", key, shape, dtype);
  const by = parameter(request, "scale", scale, positive);
  const { body, boost, alphaNode } = standardGamma(request, "alpha", alpha);
  const noise = ended(request.op, b.mul(body, b.exp(boost)), [alphaNode]);
  return wrap(guarded(by === 1 ? noise : b.mul(by, noise), by, positive));
}) as ParametricSampler<GammaOptions>;

interface BetaOptions {
  /** > 0: large values draw the result towards 1. */
  readonly a: Parameter;
  /** > 0: large values draw the result towards 0. */
  readonly b: Parameter;
}

/**
 * Beta: density xᵃ⁻¹ (1 − x)ᵇ⁻¹ / B(a, b) on [0, 1]; mean a / (a + b). Asking for a gradient with
 * respect to `a` or `b` throws. Where a tensor's parameter is not positive the result is NaN.
 *
 * @throws ValueError  unless a > 0 and b > 0
 * @throws TraceError  when differentiated with respect to a or b
 */
export const beta = ((
  key: Key,
  shape: readonly number[],
  options: BetaOptions & FloatOption<FloatType> = {} as BetaOptions,
): Tensor => {
  const request = draw("beta", key, shape, options.dtype);
  const [keyX, keyY] = subkeys(request.key, 2);
  const x = standardGamma({ ...request, key: keyX }, "a", options.a);
  const y = standardGamma({ ...request, key: keyY }, "b", options.b);
  // Of two tiny numbers only the ratio matters: the greater boost is taken out of both.
  const greater = b.maximum(x.boost, y.boost);
  const [left, right] = [x, y].map((g) => b.mul(g.body, b.exp(b.sub(g.boost, greater))));
  const share = b.div(left, b.add(left, right));
  return wrap(ended(request.op, share, [x.alphaNode, y.alphaNode]));
}) as ParametricSampler<BetaOptions>;

/**
 * How many candidates are drawn for each number. One is refused with probability below 0.0184
 * (that of α + 2 = 2), so all of them are with probability below 3·10⁻¹⁶; the number is then the
 * distribution's α + 5/3.
 */
const candidates = 9;

/**
 * Gamma with scale 1 as body · e^boost: the body from α + 2, the boost two factors u^(1/(α + 1))
 * and u^(1/α) that bring it down to α. All candidates are drawn at once and the first good one is
 * taken, so that there is no loop and a number depends on its own words only.
 *
 * @source Marsaglia & Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000)
 */
function standardGamma(
  request: Draw,
  name: string,
  value: Parameter,
): { body: Node; boost: Node; alphaNode: Node } {
  const { key, shape, dtype } = request;
  const alpha = parameter(request, name, value, positive);
  const alphaNode = typeof alpha === "number" ? b.full({ shape, value: alpha, dtype }) : alpha;
  const [normalKey, acceptKey, boostKey] = subkeys(key, 3);
  const d = b.add(alphaNode, 5 / 3);
  const all = [candidates, ...shape];
  const stretch = (node: Node): Node => b.expand(node, { shape: all });
  const y = b.div(normalNoise(normalKey, all, dtype), stretch(b.mul(3, b.sqrt(d))));
  const bound = b.neg(exponentialNoise(acceptKey, all, dtype));
  const good = b.logicalAnd(b.greater(y, -1), b.less(bound, b.mul(stretch(d), logAcceptance(y))));
  let chosen: Node = b.full({ shape, value: 0, dtype });
  for (let i = candidates - 1; i >= 0; i--) chosen = b.where(row(good, i), row(y, i), chosen);

  const root = b.add(1, chosen);
  const body = b.mul(d, b.mul(root, b.mul(root, root)));
  const logs = exponentialNoise(boostKey, [2, ...shape], dtype);
  const boost = b.add(b.div(row(logs, 0), alphaNode), b.div(row(logs, 1), b.add(alphaNode, 1)));
  return { body: guarded(body, alpha, positive), boost: b.neg(boost), alphaNode };
}

/**
 * 3 (log(1 + y) − y + y²/2) − y³, which times d is the logarithm of the probability of keeping a
 * candidate. Near 0 by its series, where the terms would cancel.
 */
export function logAcceptance(y: Node): Node {
  const square = b.mul(y, y);
  const direct = b.sub(b.mul(3, b.add(b.sub(b.log1p(y), y), b.mul(0.5, square))), b.mul(square, y));
  let series: Node = b.mul(-3 / 8, y);
  for (const coefficient of [3 / 7, -3 / 6, 3 / 5]) series = b.mul(y, b.add(series, coefficient));
  series = b.mul(b.mul(square, square), b.add(series, -3 / 4));
  return b.where(b.less(b.abs(y), 0.1), series, direct);
}

/** The value, without the derivative that its graph would give: that one ignores the choices. */
function ended(op: string, value: Node, parameters: readonly Node[]): Node {
  const rule = customRule(() => {
    throw new TraceError(
      `${op}: the derivative with respect to its shape parameters is not known; ` +
        "hold them back with stopGradient, or estimate it by the score function",
    );
  });
  return b.custom([value, ...parameters], { rule });
}
