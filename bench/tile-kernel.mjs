/* global WebAssembly */
/** Matrix products out of the backend's tiles, one thread, every choice open. For tile-speed. */
const dist = "../packages/inkgrad/dist/backend/wasm";
const { ModuleBuilder } = await import(`${dist}/assembler/module.js`);
const { emitTile, lanesIn } = await import(`${dist}/codegen/tile.js`);
const { divideRows } = await import(`${dist}/codegen/tile-shapes.js`);
const { emitStoreTile } = await import(`${dist}/codegen/tile-store.js`);
const { columnPanels, emitPackA, emitPackB } = await import(`${dist}/codegen/tile-pack.js`);

const pageBytes = 65536;
const add = (f, local, by) => f.get(local).i32(by).op("i32.add");

/**
 * x (m × k, or its transpose where form & 1) times y (k × n, or its transpose where form & 2):
 * { x, y, to, run }.
 */
export function product(m, n, k, form, choice) {
  const { rows, vectors, unroll = 4, madd = "mul+add", packA = false, packB = true } = choice;
  const { kc = 256, mc = 120 } = choice;
  const dtype = choice.dtype ?? "f32";
  const size = 16 / lanesIn(dtype);
  const [xRow, xStep] = (form & 1 ? [1, m] : [k, 1]).map((s) => s * size);
  const [yStep, yColumn] = (form & 2 ? [1, k] : [n, 1]).map((s) => s * size);
  const align = (bytes) => Math.ceil(bytes / 4096) * 4096;
  const xAt = 4096;
  const yAt = align(xAt + m * k * size) + 256;
  const toAt = align(yAt + k * n * size) + 512;
  const aAt = align(toAt + m * n * size) + 1024;
  const blockA = Math.min(mc, m) * Math.min(kc, k) * size;
  const bAt = align(aAt + blockA) + 2048;
  const pages = Math.ceil((bAt + (n + 64) * Math.min(k, kc) * size) / pageBytes) + 1;
  const builder = new ModuleBuilder({ initial: pages, maximum: pages, shared: true });

  const known = new Map();
  const tile = (height, width, columns, depth, more, aRow, aStep, bStep) => {
    const key = [height, width, columns, depth, more].join();
    if (known.has(key)) return known.get(key);
    const f = builder.function(["i32", "i32", "i32", "i32"], [], (f) => {
      const [a, b, to, count] = f.params;
      f.loop((again) => {
        const sums = emitTile(f, a, b, {
          dtype,
          madd,
          rows: height,
          vectors: width,
          aRow,
          aStep,
          bStep,
          depth,
          unroll,
        });
        emitStoreTile(f, sums, to, { dtype, rowStep: n * size, columns, add: more });
        add(f, a, packA ? height * depth * size : height * aRow).set(a);
        add(f, to, height * n * size).set(to);
        f.get(count).i32(1).op("i32.sub").tee(count).brIf(again);
      });
    });
    known.set(key, f);
    return f;
  };

  const run = builder.function([], [], (f) => {
    const [from, into, j] = [f.local("i32"), f.local("i32"), f.local("i32")];
    for (let kk = 0; kk < k; kk += kc) {
      const depth = Math.min(kc, k - kk);
      if (packB) {
        f.i32(yAt + kk * yStep)
          .set(from)
          .i32(bAt)
          .set(into);
        emitPackB(f, from, into, {
          dtype,
          depth,
          depthStep: yStep,
          acrossStep: yColumn,
          panels: columnPanels(dtype, n, vectors),
        });
      }
      for (let ii = 0; ii < m; ii += mc) {
        const height = Math.min(mc, m - ii);
        const heights = divideRows(height, rows);
        if (packA) {
          f.i32(xAt + ii * xRow + kk * xStep)
            .set(from)
            .i32(aAt)
            .set(into);
          emitPackA(f, from, into, {
            dtype,
            depth,
            depthStep: xStep,
            acrossStep: xRow,
            panels: heights.map(({ rows, count }) => ({ count, width: rows, used: rows })),
          });
        }
        let column = 0;
        for (const { count, width, used } of columnPanels(dtype, n, vectors)) {
          const first = column;
          f.for(j, 0, count, 1, () => {
            let row = 0;
            for (const { rows, count } of heights) {
              const [aRow, aStep] = packA ? [size, rows * size] : [xRow, xStep];
              const bStep = packB ? width * size : yStep;
              f.i32(packA ? aAt + row * depth * size : xAt + (ii + row) * xRow + kk * xStep);
              f.get(j)
                .i32(packB ? width * depth * size : width * size)
                .op("i32.mul");
              f.i32(packB ? bAt + first * depth * size : yAt + kk * yStep + first * size).op(
                "i32.add",
              );
              f.get(j)
                .i32(width * size)
                .op("i32.mul")
                .i32(toAt + ((ii + row) * n + first) * size)
                .op("i32.add");
              f.i32(count);
              f.call(tile(rows, width / lanesIn(dtype), used, depth, kk > 0, aRow, aStep, bStep));
              row += rows * count;
            }
          });
          column += count * width;
        }
      }
    }
  });
  builder.export("run", run);
  const bytes = builder.encoded();
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const Numbers = dtype === "f64" ? Float64Array : Float32Array;
  const x = new Numbers(memory.buffer, xAt, m * k);
  const y = new Numbers(memory.buffer, yAt, k * n);
  const to = new Numbers(memory.buffer, toAt, m * n);
  for (let i = 0; i < x.length; i++) x[i] = ((i * 7) % 13) - 6;
  for (let i = 0; i < y.length; i++) y[i] = ((i * 5) % 11) - 5;
  return { x, y, to, run: exports.run, codeBytes: bytes.length };
}

/** Is the product right, at some places? */
export function right({ x, y, to }, m, n, k, form) {
  for (let t = 0; t < 200; t++) {
    const i = t < 4 ? (t & 1) * (m - 1) : (t * 7919) % m;
    const j = t < 4 ? (t >> 1) * (n - 1) : (t * 104729) % n;
    let sum = 0;
    for (let l = 0; l < k; l++)
      sum += x[form & 1 ? l * m + i : i * k + l] * y[form & 2 ? j * k + l : l * n + j];
    if (sum !== to[i * n + j]) return false;
  }
  return true;
}

/** Multiply and add, 13 chains, nothing else: some 0.93 of what the core can do. */
function chains() {
  const builder = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  const run = builder.function(["i32"], [], (f) => {
    const sums = Array.from({ length: 13 }, () => f.local("v128"));
    const [c, d] = [f.local("v128"), f.local("v128")];
    f.i32(0).mem("v128.load").set(c).i32(16).mem("v128.load").set(d);
    for (const [i, sum] of sums.entries())
      f.i32(i * 16)
        .mem("v128.load")
        .set(sum);
    f.loop((again) => {
      for (const sum of sums) f.get(sum).get(c).op("f32x4.mul").get(d).op("f32x4.add").set(sum);
      f.get(f.params[0]).i32(1).op("i32.sub").tee(f.params[0]).brIf(again);
    });
    sums.forEach((sum, i) =>
      f
        .i32(i * 16)
        .get(sum)
        .mem("v128.store"),
    );
  });
  builder.export("run", run);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  new Float32Array(memory.buffer).fill(0.5);
  const module = new WebAssembly.Module(builder.encoded());
  return new WebAssembly.Instance(module, { env: { memory } }).exports.run;
}

const iterations = 3000;
const chain = chains();
/** Milliseconds of a fixed amount of arithmetic: how much of the core there is just now. */
export const gauge = () => {
  const began = performance.now();
  chain(iterations);
  return performance.now() - began;
};
/** The least that it ever took. */
export const quickest = () => fastest;
let fastest = Infinity;
for (let i = 0; i < 3000; i++) fastest = Math.min(fastest, gauge());
