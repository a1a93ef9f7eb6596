/** Bits of the two 16-bit float formats, both rounded to nearest, ties to even. */
const f32 = new Float32Array(1);
const u32 = new Uint32Array(f32.buffer);

/** @source IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits */
export function toHalfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundHalfEven(magnitude * 2 ** 24);
  const exponent = exponentOf(magnitude);
  // A fraction that rounds up to 1024 carries into the exponent, which is just what is wanted.
  return sign | (((exponent + 15) << 10) + roundHalfEven((magnitude / 2 ** exponent - 1) * 1024));
}

export function fromHalfBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of an f32: 1 sign, 8 exponent, 7 fraction bits. */
export function toBrainBits(value: number): number {
  f32[0] = value;
  if (Number.isNaN(value)) return (u32[0] >>> 16) | 0x40;
  // What f32 does not hold must not be rounded twice: once to f32, then again.
  if (f32[0] !== value) f32[0] = roundToStep(value, 2 ** (Math.max(exponentOf(value), -126) - 7));
  const bits = u32[0];
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The nearest multiple of a power of two. */
const roundToStep = (value: number, step: number): number => roundHalfEven(value / step) * step;

export function fromBrainBits(bits: number): number {
  u32[0] = bits << 16;
  return f32[0];
}

function exponentOf(value: number): number {
  const magnitude = Math.abs(value);
  f32[0] = magnitude;
  // Rounding to f32 may step over a power of two; the division below must stay within [1, 2).
  const exponent = (u32[0] >>> 23) - 127;
  return magnitude < 2 ** exponent ? exponent - 1 : exponent;
}

/** To the nearest integer, halves to the even one. */
export function roundHalfEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
