/**
 * Texts as bytes and back, in UTF-8; half a surrogate pair, which UTF-8 has no form for, is written as
 * if it were a character (WTF-8), so that every JavaScript string comes back.
 */

export function toBytes(text: string): number[] {
  const out: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000)
      out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      out.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return out;
}

/** The least character that is written in so many bytes: what is longer than needed is wrong. */
const least = [0, 0, 0x80, 0x800, 0x10000];

/** Bytes that are no text, such as the half of a character, become U+FFFD each. */
export function fromBytes(bytes: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i];
    const length = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    let code = length === 1 ? first : first & (0x7f >> length);
    let valid = length > 0 && i + length <= bytes.length;
    for (let k = 1; valid && k < length; k++) {
      valid = (bytes[i + k] & 0xc0) === 0x80;
      code = (code << 6) | (bytes[i + k] & 63);
    }
    valid &&= code >= least[length] && code <= 0x10ffff;
    parts.push(valid ? String.fromCodePoint(code) : "\ufffd");
    i += valid ? length : 1;
  }
  return parts.join("");
}
