/**
 * The check sum of gzip, zip and PNG. Four tables take four bytes a step, which is three times as
 * fast as one.
 *
 * @source ISO 3309; the polynomial 0xEDB88320, bits reversed
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3] = tables();
  let crc = ~before;
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    crc ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    crc = t3[crc & 255] ^ t2[(crc >>> 8) & 255] ^ t1[(crc >>> 16) & 255] ^ t0[crc >>> 24];
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[i]) & 255];
  return ~crc >>> 0;
}

let made: Int32Array[] | undefined;

function tables(): Int32Array[] {
  if (made !== undefined) return made;
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc;
  });
  made = [first];
  for (let k = 1; k < 4; k++) made.push(made[k - 1].map((crc) => (crc >>> 8) ^ first[crc & 255]));
  return made;
}
