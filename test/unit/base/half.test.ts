import { describe, expect, it } from "vitest";
import {
  fromBrainBits,
  fromHalfBits,
  roundHalfEven,
  toBrainBits,
  toHalfBits,
} from "@src/base/half.js";
import { seeded } from "../../support/random.js";

const formats = {
  f16: { encode: toHalfBits, decode: fromHalfBits, infinity: 0x7c00 },
  bf16: { encode: toBrainBits, decode: fromBrainBits, infinity: 0x7f80 },
};

for (const [name, { encode, decode, infinity }] of Object.entries(formats)) {
  const patterns = Array.from({ length: 65536 }, (_, bits) => bits);
  const isNaNPattern = (bits: number): boolean => (bits & 0x7fff) > infinity;

  describe(name, () => {
    it("gives every one of the 65536 bit patterns back", () => {
      const wrong = patterns.filter((bits) => {
        const value = decode(bits);
        if (isNaNPattern(bits)) return !(Number.isNaN(value) && isNaNPattern(encode(value)));
        return encode(value) !== bits;
      });
      expect(wrong).toEqual([]);
    });

    it("counts its positive numbers upwards", () => {
      for (let bits = 0; bits < infinity; bits++)
        if (!(decode(bits) < decode(bits + 1))) throw new Error(`${bits}: ${decode(bits)}`);
      expect(decode(infinity)).toBe(Infinity);
      expect(decode(0x8000)).toBe(-0);
      expect(decode(infinity | 0x8000)).toBe(-Infinity);
    });

    it("rounds to the nearest number, halves to the even one", () => {
      // All numbers tried between two neighbours are exact in float64.
      const random = seeded(name);
      for (let bits = 0; bits < infinity - 1; bits++) {
        const [low, high] = [decode(bits), decode(bits + 1)];
        const middle = low + (high - low) / 2;
        const even = bits % 2 === 0 ? bits : bits + 1;
        const step = (high - low) * 2 ** -30;
        const within = low + (high - low) * random();
        const nearest = within < middle ? bits : within > middle ? bits + 1 : even;
        const found = [middle, middle - step, middle + step, within].map(encode);
        const expected = [even, bits, bits + 1, nearest];
        if (String(found) !== String(expected))
          throw new Error(`between ${low} and ${high}: ${String(found)}, not ${String(expected)}`);
        if (encode(-middle) !== (even | 0x8000)) throw new Error(`${-middle}`);
      }
    });

    it("overflows to infinity half a step beyond its greatest number", () => {
      const greatest = decode(infinity - 1);
      const half = (greatest - decode(infinity - 2)) / 2;
      expect(encode(greatest + half * 0.999)).toBe(infinity - 1);
      expect(encode(greatest + half)).toBe(infinity);
      expect(encode(-greatest - half)).toBe(infinity | 0x8000);
      for (const x of [1e300, Number.MAX_VALUE, Infinity]) expect(encode(x)).toBe(infinity);
    });

    it("underflows to a zero of the same sign", () => {
      const least = decode(1);
      expect(encode(least / 2)).toBe(0);
      expect(encode(least * 0.501)).toBe(1);
      for (const x of [0, 5e-324, 1e-300]) {
        expect(encode(x)).toBe(0);
        expect(encode(-x)).toBe(0x8000);
      }
    });

    it("keeps NaN", () => {
      expect(isNaNPattern(encode(NaN))).toBe(true);
      expect(decode(encode(NaN))).toBeNaN();
    });
  });
}

describe("roundHalfEven", () => {
  it("takes halves to the even neighbour", () => {
    expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5].map(roundHalfEven)).toEqual([
      -2, -2, -0, 0, 2, 2, 4,
    ]);
  });

  it("is exact next to halves, and where fractions end", () => {
    expect(roundHalfEven(0.49999999999999994)).toBe(0);
    expect(roundHalfEven(0.5000000000000001)).toBe(1);
    expect(roundHalfEven(2 ** 51 + 0.5)).toBe(2 ** 51);
    expect(roundHalfEven(2 ** 51 + 1.5)).toBe(2 ** 51 + 2);
    expect(roundHalfEven(2 ** 53 - 1)).toBe(2 ** 53 - 1);
    expect(roundHalfEven(1e300)).toBe(1e300);
  });

  it("hands NaN and infinities on", () => {
    expect([NaN, Infinity, -Infinity].map(roundHalfEven)).toEqual([NaN, Infinity, -Infinity]);
  });
});
