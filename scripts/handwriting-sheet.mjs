// Draws docs/handwriting.png, a sheet of what the handwriting generator writes. Build first.
//   node scripts/handwriting-sheet.mjs
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import { handwriting } from "../packages/inkgrad/dist/data/index.js";

const columns = 26;
const side = 28;
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const digits = await pictures("0123456789", columns);
const written = await pictures(letters, 4);
const rows = [
  ...digits,
  // Letters side by side, four rows for the capital ones and four for the small ones.
  ...[0, 1, 2, 3].map((i) => written.slice(0, 26).map((all) => all[i])),
  ...[0, 1, 2, 3].map((i) => written.slice(26).map((all) => all[i])),
];

const width = columns * side;
const data = new Uint8Array(width * rows.length * side);
rows.forEach((row, r) =>
  row.forEach((picture, c) => {
    for (let y = 0; y < side; y++) {
      const line = picture.subarray(y * side, (y + 1) * side);
      data.set(line, (r * side + y) * width + c * side);
    }
  }),
);
const file = fileURLToPath(new URL("../docs/handwriting.png", import.meta.url));
writeFileSync(file, encode({ width, height: rows.length * side, data, channels: 1, depth: 8 }));

/** For each character its pictures. */
async function pictures(characters, perClass) {
  const { x } = handwriting({ characters, perClass, seed: 1 });
  const pixels = await x.data();
  const picture = (i) => pixels.subarray(i * side * side, (i + 1) * side * side);
  return Array.from(characters, (_, c) =>
    Array.from({ length: perClass }, (_, i) => picture(i * characters.length + c)),
  );
}
