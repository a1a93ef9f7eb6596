/* global WebAssembly */
/** Matrix products out of the backend's tiles, one thread, every choice open. For tile-speed. */
const dist = "../packages/inkgrad/dist/backend/wasm";
const { ModuleBuilder } = await import(`${dist}/assembler/module.js`);
const { emitTile, lanesIn, vectorAdd } = await import(`${dist}/codegen/tile.js`);
const { columnPanels, emitPackA, emitPackB } = await import(`${dist}/codegen/tile-pack.js`);

const pageBytes = 65536;
const add = (f, local, by) => f.get(local).i32(by).op("i32.add");

/** `m` rows as runs [{ rows, count }], the highest first and no tile much lower than the others. */
export function divideRows(m, rows) {
  const tiles = Math.ceil(m / rows);
  const low = Math.floor(m / tiles);
  const high = m - low * tiles;
  return [
    { rows: low + 1, count: high },
    { rows: low, count: tiles - high },
  ].filter(({ count }) => count > 0);
}

/**
 * x (m × k, or its transpose where form & 1) times y (k × n, or its transpose where form & 2):
 * { x, y, to, run }.
 */
export function product(m, n, k, form, choice) {
  const { rows, vectors, unroll = 4, madd = "mul+add", packA = false, packB = true } = choice;
  const { kc = 256, mc = 120, even = true, order } = choice;
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
      (choice.single ? f.block : f.loop).call(f, (again) => {
        const sums = emitTile(f, a, b, {
          dtype, madd, rows: height, vectors: width, aRow, aStep, bStep, depth, unroll, order,
        });
        sums.forEach((row, i) => row.forEach((sum, v) => {
          const at = (i * n + v * lanesIn(dtype)) * size;
          const lanes = Math.min(lanesIn(dtype), columns - v * lanesIn(dtype));
          if (lanes === lanesIn(dtype)) {
            f.get(to).get(sum);
            if (more) f.get(to).mem("v128.load", at, 2).op(vectorAdd(dtype));
            f.mem("v128.store", at, 2);
          } else
            for (let lane = 0; lane < lanes; lane++) {
              if (more) {
                f.get(to);
                f.get(to).mem("v128.load32_splat", at + lane * size, 2);
                f.get(sum).op(vectorAdd(dtype)).memLane(size === 8 ? "v128.store64_lane" : "v128.store32_lane", at + lane * size, lane);
              } else f.get(to).get(sum).memLane(size === 8 ? "v128.store64_lane" : "v128.store32_lane", at + lane * size, lane);
            }
        }));
        if (choice.single) return;
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
        f.i32(yAt + kk * yStep).set(from).i32(bAt).set(into);
        emitPackB(f, from, into, {
          dtype, depth, depthStep: yStep, acrossStep: yColumn, panels: columnPanels(dtype, n, vectors),
        });
      }
      for (let ii = 0; ii < m; ii += mc) {
        const height = Math.min(mc, m - ii);
        const heights = even ? divideRows(height, rows) : [
          { rows, count: Math.floor(height / rows) }, { rows: height % rows, count: 1 },
        ].filter((r) => r.rows * r.count > 0);
        if (packA) {
          f.i32(xAt + ii * xRow + kk * xStep).set(from).i32(aAt).set(into);
          emitPackA(f, from, into, {
            dtype, depth, depthStep: xStep, acrossStep: xRow,
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
              const ci = f.local("i32");
              const part = () => {
              f.i32(packA ? aAt + row * depth * size : xAt + (ii + row) * xRow + kk * xStep);
              if (choice.single) f.get(ci).i32(packA ? rows * depth * size : rows * xRow).op("i32.mul").op("i32.add");
              f.get(j).i32(packB ? width * depth * size : width * size).op("i32.mul");
              f.i32((packB ? bAt + first * depth * size : yAt + kk * yStep + first * size)).op("i32.add");
              f.get(j).i32(width * size).op("i32.mul").i32(toAt + ((ii + row) * n + first) * size).op("i32.add");
              if (choice.single) f.get(ci).i32(rows * n * size).op("i32.mul").op("i32.add");
              f.i32(count);
              f.call(tile(rows, width / lanesIn(dtype), used, depth, kk > 0, aRow, aStep, bStep));
              };
              if (choice.single) f.for(ci, 0, count, 1, part); else part();
              f.release(ci);
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
  for (let i = 0; i < x.length; i++) x[i] = (i * 7) % 13 - 6;
  for (let i = 0; i < y.length; i++) y[i] = (i * 5) % 11 - 5;
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
    for (const [i, sum] of sums.entries()) f.i32(i * 16).mem("v128.load").set(sum);
    f.loop((again) => {
      for (const sum of sums) f.get(sum).get(c).op("f32x4.mul").get(d).op("f32x4.add").set(sum);
      f.get(f.params[0]).i32(1).op("i32.sub").tee(f.params[0]).brIf(again);
    });
    sums.forEach((sum, i) => f.i32(i * 16).get(sum).mem("v128.store"));
  });
  builder.export("run", run);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  new Float32Array(memory.buffer).fill(0.5);
  const module = new WebAssembly.Module(builder.encoded());
  return new WebAssembly.Instance(module, { env: { memory } }).exports.run;
}

const iterations = 3000;
const chain = globalThis.NOCHAIN ? null : chains();
export const gauge = () => {
  const began = performance.now();
  chain(iterations);
  return performance.now() - began;
};
export const quickest = () => fastest;
let fastest = Infinity;
if (globalThis.NOCHAIN === undefined) for (let i = 0; i < 3000; i++) fastest = Math.min(fastest, gauge());

/** GFLOP/s of the chains at their fastest. */
export const chainSpeed = () => (iterations * 13 * 8) / fastest / 1e6;

/**
 * GFLOP/s, median of the short samples before and after which the core was found undisturbed (its
 * other half may be lent to others, which halves its speed), and how many those were.
 */
export function speed(run, flops, seconds = 0.4) {
  const once = () => {
    const began = performance.now();
    run();
    return performance.now() - began;
  };
  for (const until = performance.now() + 60; performance.now() < until; ) once();
  const calls = Math.max(1, Math.ceil(0.15 / once()));
  const samples = [];
  let before = gauge();
  const began = performance.now();
  for (;;) {
    const began2 = performance.now();
    for (let i = 0; i < calls; i++) run();
    const time = (performance.now() - began2) / calls;
    const after = gauge();
    samples.push([Math.max(before, after), time]);
    before = after;
    fastest = Math.min(fastest, after);
    const spent = performance.now() - began;
    const good = samples.filter(([g]) => g < fastest * 1.04).length;
    if ((spent > seconds * 1000 && good > 20) || spent > seconds * 5000) break;
  }
  let good = samples.filter(([g]) => g < fastest * 1.04);
  if (good.length < 5) good = samples.sort(([p], [q]) => p - q).slice(0, 5);
  const times = good.map(([, time]) => time).sort((p, q) => p - q);
  return flops / times[times.length >> 1] / 1e6;
}
