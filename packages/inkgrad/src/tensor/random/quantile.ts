import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import type { FloatType } from "./types.js";

/** The normal distribution's quantiles, from the upper tail. */

type Rational = readonly [numerator: readonly number[], denominator: readonly number[]];
/** Rational functions for the middle, the tail, and what lies beyond probability e⁻²⁵. */
interface Approximation {
  readonly middle: Rational;
  readonly tail: Rational;
  readonly far: Rational;
}

/** Coefficients from the constant one up: to 1 part in 10⁷. */
const single: Approximation = {
  middle: [
    [3.3871327179, 50.434271938, 159.29113202, 59.10937472],
    [1, 17.895169469, 78.757757664, 67.1875636],
  ],
  tail: [
    [1.4234372777, 2.75681539, 1.3067284816, 0.17023821103],
    [1, 0.7370016425, 0.12021132975],
  ],
  far: [
    [6.657905115, 3.081226386, 0.42868294337, 0.017337203997],
    [1, 0.24197894225, 0.012258202635],
  ],
};

/** To 1 part in 10¹⁶. */
const double: Approximation = {
  middle: [
    [
      3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
      45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227,
    ],
    [
      1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597,
      39307.89580009271, 28729.085735721943, 5226.495278852854,
    ],
  ],
  tail: [
    [
      1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
      1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
    ],
    [
      1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
      0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
    ],
  ],
  far: [
    [
      6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
      0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
    ],
    [
      1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
      1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
    ],
  ],
};

/**
 * The z ≥ 0 that a normal number exceeds with probability p: relative error below 5·10⁻⁷ in f32,
 * 10⁻¹⁵ in f64.
 *
 * @param p          in (0, ½]
 * @param remainder  ½ − p, which has more digits than p near ½
 * @param least      the least p there can be: the far tail is left out where it is not reached
 * @source Wichura, "Algorithm AS 241", Applied Statistics 37 (1988)
 */
export function upperQuantile(p: Node, remainder: Node, least: number, dtype: FloatType): Node {
  const { middle, tail, far } = dtype === "f64" ? double : single;
  const inMiddle = b.lessEqual(remainder, 0.425);
  const central = b.mul(remainder, ratio(middle, b.sub(0.180625, b.mul(remainder, remainder))));
  const depth = b.sqrt(b.neg(b.log(p)));
  let outer = ratio(tail, b.sub(depth, 1.6));
  if (least < Math.exp(-25))
    outer = b.where(b.lessEqual(depth, 5), outer, ratio(far, b.sub(depth, 5)));
  return b.where(inMiddle, central, outer);
}

const ratio = ([numerator, denominator]: Rational, x: Node): Node =>
  b.div(polynomial(numerator, x), polynomial(denominator, x));

/** Horner's rule; two coefficients at least. */
function polynomial(coefficients: readonly number[], x: Node): Node {
  const [constant, ...higher] = coefficients;
  const rest = higher.length === 1 ? higher[0] : polynomial(higher, x);
  return b.add(b.mul(rest, x), constant);
}
