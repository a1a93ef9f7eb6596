// Random distortion of images: inside a compiled program, the same function called by itself, and the
// same work in plain loops.
//   npm run build && node bench/augment.mjs [threads]
import { compile, profile, random, setThreads } from "../packages/inkgrad/dist/index.js";
import { transforms } from "../packages/inkgrad/dist/data/index.js";

const [n, h, w] = [128, 28, 28];
const threads = Number(process.argv[2] ?? 1);
setThreads(threads);

const images = random.uniform(random.key(0), [n, h, w, 1]);
const affine = { rotate: 12, scale: 0.1, shear: 10, translate: 2 };
const elastic = { alpha: 34, sigma: 4 };
const distortions = {
  affine: transforms.randomAffine(affine),
  elastic: transforms.elasticDistortion(elastic),
  both: transforms.randomWarp({ ...affine, elastic }),
};

console.log(`${n} images of ${h} × ${w}, ${threads} thread(s); milliseconds, median (fastest)`);
for (const [name, distort] of Object.entries(distortions)) {
  const program = compile(distort);
  measure(`${name}, compiled`, (key) => program(images, key));
  measure(`${name}, called`, (key) => distort(images, key).data());
}
const pixels = await images.data();
measure("both, plain loops", (key, seed) => loops(pixels, seed));
if (process.argv.includes("--profile"))
  console.log(String(profile(compile(distortions.both), images, random.key(1))));

function measure(name, run) {
  const times = [];
  for (let i = 0; i < 80; i++) {
    const key = random.key(i);
    const start = performance.now();
    run(key, i);
    times.push(performance.now() - start);
  }
  times.splice(0, 20);
  times.sort((a, b) => a - b);
  console.log(`${name.padEnd(24)} ${times[30].toFixed(2)} (${times[0].toFixed(2)})`);
}

/** The same distortion with Math.random, as one would write it by hand. */
function loops(from) {
  const out = new Float32Array(from.length);
  const size = h * w;
  const reach = 4 * elastic.sigma;
  const bell = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - reach) / elastic.sigma) ** 2),
  );
  const total = bell.reduce((sum, g) => sum + g);
  const weights = Float64Array.from(bell, (g) => g / total);
  const blur = (field) => {
    const across = new Float32Array(size);
    const both = new Float32Array(size);
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++) {
        let sum = 0;
        for (let k = Math.max(0, j - reach); k <= Math.min(w - 1, j + reach); k++)
          sum += field[i * w + k] * weights[k - j + reach];
        across[i * w + j] = sum;
      }
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++) {
        let sum = 0;
        for (let k = Math.max(0, i - reach); k <= Math.min(h - 1, i + reach); k++)
          sum += across[k * w + j] * weights[k - i + reach];
        both[i * w + j] = elastic.alpha * sum;
      }
    return both;
  };
  const noise = () => blur(Float32Array.from({ length: size }, () => 2 * Math.random() - 1));
  const between = (limit) => (2 * Math.random() - 1) * limit;
  for (let image = 0; image < n; image++) {
    const angle = (between(affine.rotate) * Math.PI) / 180;
    const k = Math.tan((between(affine.shear) * Math.PI) / 180);
    const s = 1 + between(affine.scale);
    const [tx, ty] = [between(affine.translate), between(affine.translate)];
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [dy, dx] = [noise(), noise()];
    const pixel = (i, j) =>
      i < 0 || j < 0 || i >= h || j >= w ? 0 : from[image * size + i * w + j];
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++) {
        const [u, v] = [j - (w - 1) / 2 - tx, i - (h - 1) / 2 - ty];
        const x = ((cos + k * sin) * u + (k * cos - sin) * v) / s + (w - 1) / 2 + dx[i * w + j];
        const y = (sin * u + cos * v) / s + (h - 1) / 2 + dy[i * w + j];
        const [x0, y0] = [Math.floor(x), Math.floor(y)];
        const [fx, fy] = [x - x0, y - y0];
        out[image * size + i * w + j] =
          (1 - fy) * ((1 - fx) * pixel(y0, x0) + fx * pixel(y0, x0 + 1)) +
          fy * ((1 - fx) * pixel(y0 + 1, x0) + fx * pixel(y0 + 1, x0 + 1));
      }
  }
  return out;
}
