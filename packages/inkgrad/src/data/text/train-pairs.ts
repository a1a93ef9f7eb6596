/** Two tokens that are made one. */
export type Pair = readonly [number, number];

/** Tokens are below 2²¹, which is more than anyone trains: a pair fits into a number. */
const span = 2 ** 21;
const keyOf = (a: number, b: number): number => a * span + b;
const pairOf = (key: number): Pair => [Math.floor(key / span), key % span];

interface Word {
  tokens: number[];
  readonly count: number;
}

interface Entry {
  readonly key: number;
  readonly count: number;
}

/**
 * The pairs of tokens that are joined, in order: always that which occurs most often, and of equally
 * frequent ones that with the lower numbers. Pairs lie within chunks; a token below 256 is a byte, the
 * k-th pair makes the token 256 + k. Ends early when no pair occurs `minCount` times.
 *
 * @param chunks  bytes of each chunk, and how often it occurs
 * @source Sennrich, Haddow, Birch, "Neural machine translation of rare words with subword units",
 * ACL 2016
 */
export function trainPairs(
  chunks: Iterable<readonly [bytes: number[], count: number]>,
  merges: number,
  minCount: number,
): Pair[] {
  const words: Word[] = Array.from(chunks, ([tokens, count]) => ({ tokens, count }));
  const counts = new Map<number, number>();
  const places = new Map<number, Set<number>>();
  const queue = new Queue();
  const add = (key: number, count: number, place: number): void => {
    counts.set(key, (counts.get(key) ?? 0) + count);
    const set = places.get(key);
    if (set === undefined) places.set(key, new Set([place]));
    else set.add(place);
  };
  words.forEach(({ tokens, count }, place) => {
    for (let i = 1; i < tokens.length; i++) add(keyOf(tokens[i - 1], tokens[i]), count, place);
  });
  for (const [key, count] of counts) queue.push({ key, count });

  const out: Pair[] = [];
  while (out.length < merges) {
    const best = queue.pop();
    if (best === undefined || best.count < minCount) break;
    // Its count may have changed since it was queued: then it stands elsewhere in the queue, too.
    if (counts.get(best.key) !== best.count) continue;
    const pair = pairOf(best.key);
    const made = 256 + out.length;
    out.push(pair);
    const changed = new Set<number>();
    for (const place of [...places.get(best.key)!]) {
      const word = words[place];
      const after = joined(word.tokens, pair, made);
      if (after.length === word.tokens.length) continue;
      for (let i = 1; i < word.tokens.length; i++) {
        const key = keyOf(word.tokens[i - 1], word.tokens[i]);
        counts.set(key, counts.get(key)! - word.count);
        changed.add(key);
      }
      for (let i = 1; i < after.length; i++) {
        const key = keyOf(after[i - 1], after[i]);
        add(key, word.count, place);
        changed.add(key);
      }
      word.tokens = after;
    }
    counts.delete(best.key);
    places.delete(best.key);
    for (const key of changed) {
      const count = counts.get(key);
      if (count !== undefined && count > 0) queue.push({ key, count });
    }
  }
  return out;
}

/** The tokens with every occurrence of the pair, from the left, made one. */
export function joined(tokens: readonly number[], [a, b]: Pair, made: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < tokens.length; i++)
    if (tokens[i] === a && tokens[i + 1] === b) {
      out.push(made);
      i++;
    } else out.push(tokens[i]);
  return out;
}

/** A binary heap: the most frequent first, then the lower number. */
class Queue {
  private readonly heap: Entry[] = [];

  push(entry: Entry): void {
    const { heap } = this;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
  }

  pop(): Entry | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

const before = (a: Entry, b: Entry): boolean =>
  a.count > b.count || (a.count === b.count && a.key < b.key);
