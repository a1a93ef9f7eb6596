/** Random shapes and axes, mostly fitting ones; the same for the same seed. */
export class Generator {
  #state: number;
  constructor(seed: number) {
    this.#state = seed * 0x9e3779b9;
  }

  /** In [0, 1). @source mulberry32 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  below = (n: number): number => Math.floor(this.next() * n);
  chance = (p: number): boolean => this.next() < p;
  pick = <T>(list: readonly T[]): T => list[this.below(list.length)];

  size = (): number => this.pick([1, 2, 3, 4, 5, 7, 12]);
  shape(maxRank: number, sizes: readonly number[] = [0, 1, 1, 2, 3, 4, 5, 12]): number[] {
    return Array.from({ length: this.below(maxRank + 1) }, () => this.pick(sizes));
  }

  /** A shape that mostly broadcasts with s. */
  broadcastable(s: readonly number[]): number[] {
    const tail = s.slice(this.below(s.length + 1));
    return tail.map((n) => (this.chance(0.15) ? this.size() : this.chance(0.3) ? 1 : n));
  }

  /** An axis of s, counted from either end. */
  rightAxis = (s: readonly number[]): number => this.below(2 * s.length) - s.length;
  /** An axis that is now and then out of range. */
  axis = (s: readonly number[]): number => this.below(2 * s.length + 3) - s.length - 1;
  /** Different axes of s, in the order in which they lie. */
  someAxes = (s: readonly number[]): number[] => [...s.keys()].filter(() => this.chance(0.5));

  shuffled(list: readonly number[]): number[] {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }

  /** A shape that mostly has as many elements as s; one size may be -1. */
  reshaped(s: readonly number[]): number[] {
    const out = this.shuffled(s);
    if (out.length > 1 && this.chance(0.5)) out.splice(0, 2, out[0] * out[1]);
    if (this.chance(0.3)) out.push(1);
    if (out.length > 0 && this.chance(0.2)) out[this.below(out.length)] += 1;
    const fits = !out.includes(0);
    if (fits && out.length > 0 && this.chance(0.4)) out[this.below(out.length)] = -1;
    return out;
  }

  /** Nested arrays of a shape; now and then a row is too short. */
  nested(shape: readonly number[]): unknown {
    if (shape.length === 0) return this.below(100);
    const [n, ...rest] = shape;
    const rows = Array.from({ length: n }, () => this.nested(rest));
    if (n > 1 && this.chance(0.05)) rows[n - 1] = this.nested([...rest, 2]);
    return rows;
  }
}
