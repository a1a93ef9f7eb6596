/**
 * NumPy's indexing in plain loops, to hold the library against: which element of a tensor, by its
 * row-major number, stands at each place of what an index selects.
 */
export type Entry =
  | { kind: "integer"; at: number }
  | { kind: "range"; bounds: (number | undefined)[] }
  | { kind: "newAxis" }
  | { kind: "ellipsis" }
  | { kind: "positions"; shape: number[]; values: number[] }
  | { kind: "mask"; shape: number[]; values: boolean[] };

export interface Selected {
  shape: number[];
  sources: number[];
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, n) => a * n, 1);

/** Every position of a tensor of `shape`, in row-major order. */
export function coordinates(shape: readonly number[]): number[][] {
  let all: number[][] = [[]];
  for (const size of shape)
    all = all.flatMap((head) => Array.from({ length: size }, (_, i) => [...head, i]));
  return all;
}

/** The element at `at` of an array that is stretched to more axes. */
function stretchedAt<T>(shape: readonly number[], values: readonly T[], at: readonly number[]): T {
  const own = at.slice(at.length - shape.length);
  let flat = 0;
  shape.forEach((size, i) => (flat = flat * size + (size === 1 ? 0 : own[i])));
  return values[flat];
}

function rangePositions(size: number, [start, stop, step = 1]: (number | undefined)[]): number[] {
  const fromFront = (bound: number): number => (bound < 0 ? size + bound : bound);
  const first = start === undefined ? (step > 0 ? 0 : size - 1) : fromFront(start);
  const end = stop === undefined ? (step > 0 ? size : -1) : fromFront(stop);
  const found: number[] = [];
  for (let i = first; step > 0 ? i < end : i > end; i += step) found.push(i);
  return found;
}

/** An axis of the source, as the index sees it. */
type Use =
  | { kind: "list"; positions: number[]; axis: number }
  | { kind: "new" }
  | { kind: "fancy"; shape: number[]; values: number[]; axis: number };

export function select(shape: readonly number[], entries: readonly Entry[]): Selected {
  const isFancy = entries.some((e) => e.kind === "positions" || e.kind === "mask");
  const taken = entries.reduce(
    (n, e) =>
      n +
      (e.kind === "mask" ? e.shape.length : e.kind === "newAxis" || e.kind === "ellipsis" ? 0 : 1),
    0,
  );
  const uses: Use[] = [];
  const groups: ("fancy" | "other")[] = [];
  let axis = 0;
  const all = (n: number): void => {
    for (let i = 0; i < n; i++, axis++)
      uses.push({ kind: "list", positions: rangePositions(shape[axis], []), axis });
  };
  const firstFancyUse: number[] = [];
  for (const entry of entries) {
    const fancy =
      entry.kind === "integer" ? isFancy : entry.kind === "positions" || entry.kind === "mask";
    groups.push(fancy ? "fancy" : "other");
    if (fancy) firstFancyUse.push(uses.filter((use) => use.kind !== "fancy").length);
    if (entry.kind === "integer") {
      const at = entry.at < 0 ? entry.at + shape[axis] : entry.at;
      uses.push({ kind: "fancy", shape: [], values: [at], axis: axis++ });
    } else if (entry.kind === "range") {
      uses.push({
        kind: "list",
        positions: rangePositions(shape[axis], entry.bounds),
        axis: axis++,
      });
    } else if (entry.kind === "newAxis") uses.push({ kind: "new" });
    else if (entry.kind === "ellipsis") all(shape.length - taken);
    else if (entry.kind === "positions") {
      const values = entry.values.map((v) => (v < 0 ? v + shape[axis] : v));
      uses.push({ kind: "fancy", shape: entry.shape, values, axis: axis++ });
    } else {
      const hits = coordinates(entry.shape).filter((_, i) => entry.values[i]);
      if (entry.shape.length === 0)
        uses.push({ kind: "fancy", shape: [hits.length], values: hits.map(() => 0), axis: -1 });
      entry.shape.forEach((_, i) =>
        uses.push({
          kind: "fancy",
          shape: [hits.length],
          values: hits.map((h) => h[i]),
          axis: axis++,
        }),
      );
    }
  }
  all(shape.length - axis);

  const fancy = uses.filter((use) => use.kind === "fancy");
  const rank = Math.max(0, ...fancy.map((use) => use.shape.length));
  const block = Array.from({ length: rank }, (_, i) => {
    const sizes = fancy.map((use) => use.shape[use.shape.length - rank + i] ?? 1);
    return sizes.find((n) => n !== 1) ?? 1;
  });
  // Where nothing but fancy entries stands between the first and the last, they keep their place.
  const first = groups.indexOf("fancy");
  const last = groups.lastIndexOf("fancy");
  const together = first >= 0 && groups.slice(first, last + 1).every((g) => g === "fancy");
  const place = together ? firstFancyUse[0] : 0;

  const kept = uses.filter((use) => use.kind !== "fancy");
  const sizes = kept.map((use) => (use.kind === "new" ? 1 : use.positions.length));
  const out = [...sizes.slice(0, place), ...block, ...sizes.slice(place)];
  const sources = coordinates(out).map((at) => {
    const inBlock = at.slice(place, place + rank);
    const inKept = [...at.slice(0, place), ...at.slice(place + rank)];
    const source = new Array<number>(shape.length).fill(0);
    for (const use of fancy)
      if (use.axis >= 0) source[use.axis] = stretchedAt(use.shape, use.values, inBlock);
    kept.forEach((use, i) => {
      if (use.kind === "list") source[use.axis] = use.positions[inKept[i]];
    });
    return source.reduce((flat, i, a) => flat * shape[a] + i, 0);
  });
  return { shape: out, sources };
}

/** Values stretched to a shape. */
export const stretch = (
  shape: readonly number[],
  values: readonly number[],
  to: readonly number[],
): number[] => coordinates(to).map((at) => stretchedAt(shape, values, at));

export { product };
