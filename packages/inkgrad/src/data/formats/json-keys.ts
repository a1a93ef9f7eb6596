/**
 * The first key that stands twice in one object of a JSON text, which `JSON.parse` would pass over
 * in silence; undefined if there is none. The text must be valid JSON.
 */
export function firstDuplicateKey(text: string): string | undefined {
  /** Keys of the objects around; null for arrays. */
  const around: (Set<string> | null)[] = [];
  let keyNext = false;
  for (let at = 0; at < text.length; at++) {
    const found = text[at];
    if (found === '"') {
      const end = closingQuote(text, at);
      const keys = around.at(-1);
      if (keyNext && keys) {
        const key = JSON.parse(text.slice(at, end + 1)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      keyNext = false;
      at = end;
    } else if (found === "{" || found === "[") {
      around.push(found === "{" ? new Set() : null);
      keyNext = true;
    } else if (found === "}" || found === "]") around.pop();
    else if (found === ",") keyNext = true;
  }
  return undefined;
}

function closingQuote(text: string, opening: number): number {
  for (let end = text.indexOf('"', opening + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}
