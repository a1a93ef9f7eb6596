import { cosTail, sinTail } from "./coefficients.js";
import { bits, constant, type Lanes, layouts } from "./lanes.js";
import { horner } from "./parts.js";
import { quadrant, type Quadrant } from "./quadrant.js";

/** Below this sin x and tan x are x. */
const tiny = { f32x4: 2 ** -13, f64x2: 2 ** -27 } as const;

/** sin(r + low). @source the place of `low` is that of fdlibm, k_sin.c */
function sine({ r, low }: Quadrant): Lanes {
  const z = r.mul(r);
  const tail = r.mul(z).mul(horner(z, sinTail[r.format]));
  if (low === null) return r.add(tail);
  return r.add(tail.add(low.sub(z.mul(low).mul(0.5))));
}

/** cos(r + low). @source the order of the sum is that of fdlibm, k_cos.c */
function cosine({ r, low }: Quadrant): Lanes {
  const { format } = r;
  const z = r.mul(r);
  const half = z.mul(0.5);
  const tail = z.mul(z).mul(horner(z, cosTail[format]));
  if (low === null) return constant(format, 1).sub(half.sub(tail));
  const rough = constant(format, 1).sub(half);
  const lost = constant(format, 1).sub(rough).sub(half);
  return rough.add(lost.add(tail.sub(r.mul(low))));
}

/** Where n is odd. */
function odd(n: Lanes): Lanes {
  const one = bits(n.format, 1);
  return n.and(one).eqBits(one);
}

/** The second bit of n as a sign. */
function turned(n: Lanes): Lanes {
  return n.and(bits(n.format, 2)).shl(layouts[n.format].width - 2);
}

/** The sine, of any finite x in radians. */
export function sin(x: Lanes): Lanes {
  const q = quadrant(x);
  const result = odd(q.n).select(cosine(q), sine(q)).xor(turned(q.n));
  return x.abs().lt(tiny[x.format]).select(x, result);
}

/** The cosine, of any finite x in radians. */
export function cos(x: Lanes): Lanes {
  const q = quadrant(x);
  const next = q.n.addBits(bits(x.format, 1));
  return odd(q.n).select(sine(q), cosine(q)).xor(turned(next));
}

/** The tangent: sin/cos, or −cos/sin in every other quadrant. */
export function tan(x: Lanes): Lanes {
  const q = quadrant(x);
  const [s, c] = [sine(q), cosine(q)];
  const crossed = odd(q.n);
  const result = crossed.select(c.neg(), s).div(crossed.select(s, c));
  return x.abs().lt(tiny[x.format]).select(x, result);
}
