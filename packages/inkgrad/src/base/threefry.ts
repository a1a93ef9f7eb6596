/** By how many bits each round rotates, eight rounds over. */
export const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
export const rounds = 20;
/** What the third key word is made from, besides the other two. */
export const parity = 0x1bd11bda;

/**
 * Threefry-2x32 with 20 rounds: two key words and two counter words in, two random words out. A
 * counter-based generator: the n-th number needs no state but the key, so that every backend,
 * machine and thread count gives the same numbers.
 *
 * @source Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011
 */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: { [index: number]: number },
  at = 0,
): void {
  const key2 = parity ^ key0 ^ key1;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  for (let round = 0; round < rounds; round++) {
    const r = rotations[round & 7];
    x0 = (x0 + x1) | 0;
    x1 = (x1 << r) | (x1 >>> (32 - r));
    x1 ^= x0;
    if ((round & 3) === 3) {
      // Every four rounds the key is mixed in, its three words taking turns.
      const turn = (round + 1) >> 2;
      const a = turn % 3 === 0 ? key0 : turn % 3 === 1 ? key1 : key2;
      const b = turn % 3 === 0 ? key1 : turn % 3 === 1 ? key2 : key0;
      x0 = (x0 + a) | 0;
      x1 = (x1 + b + turn) | 0;
    }
  }
  out[at] = x0 >>> 0;
  out[at + 1] = x1 >>> 0;
}
