/**
 * What `make` gives for from, from + 1, … up to `count`, in this order, while up to `depth` of those
 * that follow are under way. Null ends it.
 */
export async function* inOrder<T>(
  from: number,
  count: number,
  depth: number,
  make: (index: number) => Promise<T | null>,
): AsyncGenerator<T, void, undefined> {
  const underWay: Promise<T | null>[] = [];
  let next = from;
  for (let at = from; at < count; at++) {
    for (; next < count && next <= at + depth; next++) {
      const made = make(next);
      // Whoever leaves early does not ask for it: its failure must not end the process.
      made.catch(() => undefined);
      underWay.push(made);
    }
    const value = await underWay.shift()!;
    if (value === null) return;
    yield value;
  }
}
