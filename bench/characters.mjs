/**
 * How much accuracy `inkgrad predict` loses on digits that are drawn again: of 20 to 400 pixels, in both
 * polarities, off centre, on grey and uneven paper.
 *   node bench/characters.mjs --model FILE [--on held-out|test] [--count N] [--seed N] [--data DIR]
 * `held-out`: the 1,000 training images that `train digits` keeps aside, on which the preprocessing was
 * tuned; `test`: the test images, on which it was not. A count beyond theirs draws them several times.
 * `npm run build` first.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { tensor } from "../packages/inkgrad/dist/index.js";
import { normalizeCharacter } from "../packages/inkgrad/dist/data/characters/normalize.js";
import { digits } from "../packages/inkgrad/dist/data/index.js";
import { holdOut } from "../packages/inkgrad/dist/cli/run/data.js";
import { loadModelFile } from "../packages/inkgrad/dist/cli/run/model-file.js";
import { randomDrawing, randomFrom, redraw } from "./redraw.mjs";

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    on: { type: "string", default: "held-out" },
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    data: {
      type: "string",
      default: fileURLToPath(new URL("../../shared/data/mnist", import.meta.url)),
    },
  },
});

const { train, test } = await digits({ data: values.data });
const set = values.on === "test" ? test : holdOut(train, 1000, 0).heldOut;
const count = Number(values.count);
const repeated = (of, size) => {
  const out = new Uint8Array(count * size);
  for (let at = 0; at < out.length; at += of.length)
    out.set(of.subarray(0, Math.min(of.length, out.length - at)), at);
  return out;
};
const pixels = repeated(await set.x.data(), 784);
const labels = repeated(await set.y.data(), 1);
const model = await loadModelFile(values.model);
const image = (i) => pixels.subarray(i * 784, (i + 1) * 784);

const right = async (pictures) => {
  const logits = await model.trained
    .predict(tensor(pictures, { shape: [count, 28, 28, 1] }))
    .data();
  return Uint8Array.from({ length: count }, (_, i) => {
    const own = logits.subarray(i * 10, i * 10 + 10);
    return own.indexOf(Math.max(...own)) === labels[i] ? 1 : 0;
  });
};
const share = (flags) => flags.reduce((a, b) => a + b, 0) / flags.length;
const percent = (x) => `${(100 * x).toFixed(2)} %`;

const asTheyAre = await right(pixels);
console.log(`as they are                 ${percent(share(asTheyAre))}  of ${count}`);
const report = async (name, draw) => {
  const random = randomFrom(Number(values.seed));
  const drawings = [];
  const pictures = new Uint8Array(count * 784);
  let seconds = 0;
  for (let i = 0; i < count; i++) {
    const drawing = draw(random);
    drawings.push(drawing);
    const { size } = drawing;
    const again = drawing.ink === undefined ? image(i) : redraw(image(i), drawing, random);
    const picture = tensor(again, { shape: [size, size] });
    const started = performance.now();
    const normal = normalizeCharacter(picture);
    pictures.set(await normal.data(), i * 784);
    seconds += (performance.now() - started) / 1000;
  }
  const now = await right(pictures);
  let off = 0;
  for (let i = 0; i < count * 784; i++) off += Math.abs(pictures[i] - pixels[i]);
  console.log(
    `${name.padEnd(27)} ${percent(share(now))}  ${(100 * (share(now) - share(asTheyAre))).toFixed(2).padStart(6)} points, ` +
      `pixels off by ${(off / count / 784).toFixed(1)} on average, ${((1000 * seconds) / count).toFixed(1)} ms each`,
  );
  return { now, drawings };
};
const { now, drawings } = await report("all together", (random) => randomDrawing(random));
for (const [from, to] of [
  [20, 28],
  [28, 56],
  [56, 112],
  [112, 400],
]) {
  const rows = [...now.keys()].filter((i) => drawings[i].size >= from && drawings[i].size < to);
  const pick = (flags) => share(rows.map((i) => flags[i]));
  console.log(
    `  ${from}–${to} pixels`.padEnd(28) +
      `${(100 * (pick(now) - pick(asTheyAre))).toFixed(2)} points (${rows.length})`,
  );
}
const clean = { uneven: 0, noise: 0 };
await report("plain paper, no noise", (random) => randomDrawing(random, clean));
await report("28 pixels, not drawn again", () => ({ size: 28 }));
await report("20 pixels", (random) => randomDrawing(random, { sizes: [20, 20] }));
