import { erfcLog, erfSmall } from "./coefficients.js";
import { exp } from "./exponential.js";
import { constant, type Lanes } from "./lanes.js";
import { polynomial, withSign } from "./parts.js";

/** From here on erf x is 1, and its polynomial ends. */
const settled = { f32x4: 4, f64x2: 6 } as const;

/** 2/√π ∫₀ˣ e^(−t²) dt: x + x·p(x²) up to 1; beyond, 1 − e^p(|x|) with a polynomial for the logarithm of erfc. */
export function erf(x: Lanes): Lanes {
  const { format } = x;
  const a = x.abs();
  const small = x.add(x.mul(polynomial(x.mul(x), erfSmall[format])));
  const complement = exp(polynomial(a.min(settled[format]), erfcLog[format]));
  const large = constant(format, 1).sub(complement);
  return a.lt(1).select(small, withSign(large, x));
}
