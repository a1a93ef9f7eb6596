/** The binary encodings of numbers and names. @source WebAssembly core specification, 5.2 */

/** Unsigned LEB128. */
export function unsigned(out: number[], value: number): void {
  let rest = value;
  while (rest > 0x7f) {
    out.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}

/** Signed LEB128 of a 32-bit integer. */
export function signed(out: number[], value: number): void {
  let rest = value | 0;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && !(byte & 0x40)) || (rest === -1 && byte & 0x40)) {
      out.push(byte);
      return;
    }
    out.push(byte | 0x80);
  }
}

/** Signed LEB128 of a 64-bit integer. */
export function signed64(out: number[], value: bigint): void {
  let rest = BigInt.asIntN(64, value);
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && !(byte & 0x40)) || (rest === -1n && byte & 0x40)) {
      out.push(byte);
      return;
    }
    out.push(byte | 0x80);
  }
}

const scratch = new DataView(new ArrayBuffer(8));

export function float32(out: number[], value: number): void {
  scratch.setFloat32(0, value, true);
  for (let i = 0; i < 4; i++) out.push(scratch.getUint8(i));
}

export function float64(out: number[], value: number): void {
  scratch.setFloat64(0, value, true);
  for (let i = 0; i < 8; i++) out.push(scratch.getUint8(i));
}

/** A list: its length, then its items. */
export function list<T>(out: number[], items: readonly T[], item: (value: T) => void): void {
  unsigned(out, items.length);
  items.forEach(item);
}

/** A name: its bytes (all of ours are ASCII). */
export function name(out: number[], text: string): void {
  list(out, [...text], (character) => out.push(character.charCodeAt(0)));
}

/** Bytes with their number in front. */
export function sized(out: number[], bytes: readonly number[]): void {
  unsigned(out, bytes.length);
  for (const byte of bytes) out.push(byte);
}
