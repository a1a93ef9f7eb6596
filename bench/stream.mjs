/**
 * Logistic regression on a CSV file larger than memory, which is generated as it is read:
 * `node bench/stream.mjs [--rows 5000000] [--columns 100] [--batch 256] [--seed 1] [--threads 1]` after `npm run build`.
 *
 * Columns are normal, with means and deviations of very different size; the log-odds of a label are linear in them.
 * One pass learns from the rows as they come. Prints rows a second and the peak of resident memory, and how near
 * the model is to the law: log loss on fresh rows beside that of the law itself, and the coefficients' error beside
 * the one that so many rows leave at best (1 / √Σ p(1 − p), for columns that have nothing to do with each other).
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { setThreads } from "../packages/inkgrad/dist/index.js";
import { csv } from "../packages/inkgrad/dist/data/index.js";
import { logisticRegression, metrics } from "../packages/inkgrad/dist/learn/index.js";

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "5000000" },
    columns: { type: "string", default: "100" },
    batch: { type: "string", default: "256" },
    seed: { type: "string", default: "1" },
    threads: { type: "string", default: "1" },
  },
});
const [rows, columns, batchSize, seed] = ["rows", "columns", "batch", "seed"].map((name) =>
  Number(options[name]),
);
// A step is some microseconds: on a machine with other work, threads wait for each other for longer.
setThreads(Number(options.threads));
const freshRows = 50_000;
/** Values of a column: so many points of equal probability, whose texts are made once. */
const points = 256;
/** A text and its comma are no longer. */
const slot = 16;
const pieceBytes = 2 ** 18;
const target = "label";

/** 32 random bits a call. @source sfc32 of PractRand */
function randomBits(seed) {
  let [a, b, c, d] = [seed | 0, 0x9e3779b9, 0x243f6a88, 1];
  const next = () => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 20; i++) next();
  return next;
}

/** Quantiles of the normal distribution, by bisection of a sum of its density. */
function normalQuantiles(count) {
  const out = new Float64Array(count);
  const step = 1e-4;
  let [z, mass] = [-6, 0];
  for (let i = 0; i < count; i++) {
    for (; mass < (i + 0.5) / count; z += step)
      mass += (step * Math.exp(-z * z * 0.5)) / Math.sqrt(2 * Math.PI);
    out[i] = z;
  }
  return out;
}

/** The law: of each column the texts of its values and what each adds to the log-odds. */
function makeLaw() {
  const bits = randomBits(seed);
  const uniform = () => (bits() + 0.5) / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const quantiles = normalQuantiles(points);
  const encoder = new TextEncoder();
  const law = {
    ...{ slopes: [], deviations: [], intercept: -0.5 },
    // Of column k and point i at k · points + i; texts in slots.
    texts: new Uint8Array(columns * points * slot),
    ends: new Uint8Array(columns * points),
    addends: new Float64Array(columns * points),
  };
  for (let k = 0; k < columns; k++) {
    const scale = 10 ** (4 * uniform() - 2);
    const mean = scale * 5 * normal();
    const written = Array.from(quantiles, (z) => (mean + scale * z).toPrecision(6));
    // The values are those that are written, so that the law is exact.
    const numbers = written.map(Number);
    const centre = numbers.reduce((sum, x) => sum + x, 0) / points;
    const deviation = Math.sqrt(numbers.reduce((sum, x) => sum + (x - centre) ** 2, 0) / points);
    const slope = 0.2 * normal();
    law.slopes.push(slope);
    law.deviations.push(deviation);
    written.forEach((text, i) => {
      const place = k * points + i;
      const { written: length } = encoder.encodeInto(
        `${text},`,
        law.texts.subarray(place * slot, (place + 1) * slot),
      );
      law.ends[place] = length;
      law.addends[place] = (slope * (numbers[i] - centre)) / deviation;
    });
  }
  return law;
}

/** The file, piece by piece; `told` hears the log-odds of each row, and whether the label is "yes". */
async function* file(law, count, seed, told = () => {}) {
  const bits = randomBits(seed);
  const encoder = new TextEncoder();
  const labels = ["no\n", "yes\n"].map((text) => encoder.encode(text));
  const names = Array.from({ length: columns }, (_, k) => `column${k + 1}`);
  yield encoder.encode(`${[...names, target].join(",")}\n`);
  const longestRow = slot * columns + 8;
  const { texts, ends, addends } = law;
  let [piece, at] = [new Uint8Array(pieceBytes), 0];
  for (let row = 0; row < count; row++) {
    if (at + longestRow > pieceBytes) {
      yield piece.subarray(0, at);
      // Whoever has the last one may still hold it.
      [piece, at] = [new Uint8Array(pieceBytes), 0];
    }
    let odds = law.intercept;
    for (let k = 0, word = 0; k < columns; k++) {
      if (k % 4 === 0) word = bits();
      else word >>>= 8;
      const place = k * points + (word & (points - 1));
      odds += addends[place];
      const end = place * slot + ends[place];
      for (let j = place * slot; j < end; j++) piece[at++] = texts[j];
    }
    const yes = (bits() + 0.5) / 2 ** 32 < 1 / (1 + Math.exp(-odds));
    told(odds, yes);
    const label = labels[Number(yes)];
    for (let j = 0; j < label.length; j++) piece[at++] = label[j];
  }
  yield piece.subarray(0, at);
}

const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(0);
const law = makeLaw();
let [bytes, sampledPeak, seen, next] = [0, 0, 0, 0];

async function* counted(pieces) {
  for await (const piece of pieces) {
    bytes += piece.length;
    yield piece;
  }
}
async function* watched(tables) {
  for await (const table of tables) {
    yield table;
    seen += table.rows;
    if (seen < next) continue;
    const { rss } = process.memoryUsage();
    sampledPeak = Math.max(sampledPeak, rss);
    const part = ((100 * seen) / rows).toFixed(0).padStart(3);
    process.stderr.write(`${part} %  ${seen} rows, ${megabytes(rss)} MB resident\n`);
    next += Math.max(20_000, rows / 50);
  }
}

process.stderr.write(
  `load ${loadavg()[0].toFixed(1)}, ${megabytes(process.memoryUsage.rss())} MB resident\n`,
);
const began = performance.now();
const cpu = process.cpuUsage();
const tables = csv.stream(counted(file(law, rows, seed + 1)), { batchRows: 2048 });
const fitted = await logisticRegression({ descent: { batchSize } }).fitStream(watched(tables), {
  target,
  classes: ["no", "yes"],
});
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpu);

let [ownLoss, bayesLoss, tested, information] = [0, 0, 0, 0];
const logLossOf = (odds, yes) => Math.log1p(Math.exp(yes ? -odds : odds));
const fresh = file(law, freshRows, seed + 2, (odds, yes) => {
  bayesLoss += logLossOf(odds, yes);
  information += 1 / (2 + Math.exp(odds) + Math.exp(-odds)) / freshRows;
});
for await (const table of csv.stream(fresh, { batchRows: 2048 })) {
  const names = table.names.filter((name) => name !== target);
  const x = csv.toTensor(table, { columns: names, dtype: "f64" });
  const labels = csv.texts(table, target);
  ownLoss +=
    table.rows * metrics.logLoss(labels, fitted.predictProba(x), { labels: fitted.classes });
  tested += table.rows;
}
const found = fitted.coefficients.toArray()[0];
const errors = found.map((w, k) => w * law.deviations[k] - law.slopes[k]);
const rms = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / columns);
const peak = process.resourceUsage().maxRSS / 1024;

console.log(`${rows} rows × ${columns} columns, ${(bytes / 1e6).toFixed(0)} MB of CSV`);
console.log(
  `${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of processor: ` +
    `${(rows / seconds).toFixed(0)} rows/s, ${(bytes / 1e6 / seconds).toFixed(1)} MB/s, generating among it`,
);
console.log(
  `peak resident memory ${peak.toFixed(0)} MB (sampled ${megabytes(sampledPeak)} MB), load ${loadavg()[0].toFixed(1)}`,
);
console.log(
  `log loss on ${tested} fresh rows ${(ownLoss / tested).toFixed(5)}, of the law itself ${(bayesLoss / tested).toFixed(5)}`,
);
console.log(
  `coefficients: error ${rms.toFixed(5)} (root mean square), ${Math.max(...errors.map(Math.abs)).toFixed(5)} at most; ` +
    `${(1 / Math.sqrt(rows * information)).toFixed(5)} is the least, the law's own are ${Math.sqrt(law.slopes.reduce((sum, w) => sum + w * w, 0) / columns).toFixed(3)}`,
);
