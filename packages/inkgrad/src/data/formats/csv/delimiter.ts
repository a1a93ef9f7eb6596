/** In the order in which they are tried: a comma is likelier than a space. */
const candidates = [",", ";", "\t", "|", " "];

/** Lines that are looked at. */
const sampleLines = 20;
const sampleBytes = 2 ** 16;

/**
 * The character that divides the first lines into equally many values, counted outside of quotes;
 * else the commonest of the first line; a comma if there is none.
 *
 * @param rows  the beginning of a text, whole rows
 */
export function detectDelimiter(rows: Uint8Array, quote: string | null): string {
  const lines = countLines(new TextDecoder().decode(rows.subarray(0, sampleBytes)), quote);
  // The last line may be cut off.
  const complete = lines.length > 1 && rows.length > sampleBytes ? lines.slice(0, -1) : lines;
  const even = candidates
    .map((_, k) => ({ k, counts: complete.map((line) => line[k]) }))
    .filter(({ counts }) => counts[0] > 0 && counts.every((n) => n === counts[0]));
  if (even.length > 0) return candidates[even[0].k];
  const [first = []] = complete;
  const most = Math.max(0, ...first);
  return most === 0 ? "," : candidates[first.indexOf(most)];
}

/** For each of the first lines that is not empty, how often each candidate stands in it. */
function countLines(text: string, quote: string | null): number[][] {
  const lines: number[][] = [];
  let quoted = false;
  let counts = candidates.map(() => 0);
  let filled = false;
  const close = (): void => {
    if (filled) lines.push(counts);
    counts = candidates.map(() => 0);
    filled = false;
  };
  for (const letter of text) {
    if (letter === quote) quoted = !quoted;
    else if (!quoted && (letter === "\n" || letter === "\r")) {
      close();
      if (lines.length === sampleLines) return lines;
      continue;
    } else if (!quoted) {
      const k = candidates.indexOf(letter);
      if (k >= 0) counts[k]++;
    }
    filled = true;
  }
  close();
  return lines;
}
