import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { erf } from "@src/base/special.js";
import type { FunctionBuilder } from "@src/backend/wasm/assembler/function.js";
import { ModuleBuilder } from "@src/backend/wasm/assembler/module.js";
import { type ElementaryName, math } from "@src/backend/wasm/math/table.js";

type Format = "f32x4" | "f64x2";

/** The largest error allowed, in units in the last place. Measured values: docs/math-accuracy.md. */
const tolerance: { readonly [K in ElementaryName]: number } = {
  exp: 1.1,
  expm1: 2.5,
  log: 0.9,
  log1p: 1.5,
  tanh: 2.8,
  sigmoid: 2.4,
  sinh: 2.7,
  cosh: 1.6,
  erf: 1.5,
  sin: 1.7,
  cos: 1.7,
  tan: 3.5,
  atan: 2,
  asin: 3.2,
  acos: 3.2,
  atan2: 2.6,
  pow: 1.3,
};

/** What docs/math-accuracy.md says was found: the larger of the errors in f32 and in f64. */
const recorded = new Map(
  readFileSync(new URL("../../../docs/math-accuracy.md", import.meta.url), "utf8")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells) => Number(cells[2]) > 0)
    .map(([, name, single, , double]) => [name, Math.max(Number(single), Number(double))]),
);

it.each(Object.entries(tolerance))("%s may err little more than was found", (name, most) => {
  expect(most).toBeLessThan(1.2 * recorded.get(name)!);
});

const reference: { readonly [K in ElementaryName]: (x: number, y: number) => number } = {
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  erf,
  pow: (x, y) => Math.pow(x, y),
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  atan: Math.atan,
  asin: Math.asin,
  acos: Math.acos,
  atan2: Math.atan2,
};

const names = Object.keys(math) as ElementaryName[];
const formats: readonly Format[] = ["f32x4", "f64x2"];
const binary: readonly string[] = ["pow", "atan2"];
const unary = names.filter((name) => !binary.includes(name));

const capacity = 1 << 14;
const block = capacity * 8;

/** A loop over arrays of at most 16,384 elements, around what `body` makes of the operands. */
function loop(
  format: Format,
  body: (f: FunctionBuilder, operand: (k: number) => void) => void,
): (...operands: readonly ArrayLike<number>[]) => Float32Array | Float64Array {
  const pages = { initial: 8, maximum: 8, shared: false };
  const builder = new ModuleBuilder(pages);
  const run = builder.function(["i32"], [], (f) => {
    const i = f.local("i32");
    f.for(i, 0, f.params[0], 16, () => {
      f.get(i);
      body(f, (k) => f.get(i).mem("v128.load", k * block));
      f.mem("v128.store", 2 * block);
    });
  });
  builder.export("run", run);
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 8 });
  const module = new WebAssembly.Module(builder.encoded());
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const call = instance.exports.run as (sizeBytes: number) => void;
  const Numbers = format === "f32x4" ? Float32Array : Float64Array;
  return (...operands) => {
    const [{ length }] = operands;
    operands.forEach((x, k) => {
      new Numbers(memory.buffer, k * block, length).set(x);
    });
    call(length * Numbers.BYTES_PER_ELEMENT);
    return new Numbers(memory.buffer, 2 * block, length).slice();
  };
}

function kernel(name: ElementaryName, format: Format): ReturnType<typeof loop> {
  return loop(format, (f, operand) => {
    operand(0);
    if (binary.includes(name)) operand(1);
    math[name][format](f);
  });
}

/** The distance between neighbours at a true value. */
function unit(value: number, format: Format): number {
  const [fraction, least] = format === "f32x4" ? [23, -149] : [52, -1074];
  const scratch = new DataView(new ArrayBuffer(8));
  scratch.setFloat64(0, value);
  const exponent = ((scratch.getUint32(0) >>> 20) & 0x7ff) - 1023;
  return 2 ** Math.max(exponent - fraction, least);
}

interface Worst {
  error: number;
  at: readonly number[];
}

/** Notes an error where it is greater; results that are not finite must be exactly right. */
function compare(
  worst: Worst,
  format: Format,
  at: readonly number[],
  got: number,
  exact: number,
  rest = 0,
): void {
  const rounded = format === "f32x4" ? Math.fround(exact) : exact;
  if (Object.is(got, rounded) && !(Math.abs(got) < Infinity && got !== 0)) return;
  // Infinity counts as the number that would follow the greatest one; only single precision has it.
  const value = Math.abs(got) === Infinity ? Math.sign(got) * 2 ** 128 : got;
  const error = Math.abs(value - exact - rest) / unit(exact, format);
  const wrong = !(error < 1e6) || (got === 0 && rounded === 0 && !Object.is(got, rounded));
  if (wrong || error > worst.error) Object.assign(worst, { error: wrong ? Infinity : error, at });
}

/** Reproducible numbers from 0 to 1 (Park & Miller). */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

describe("single precision stays within its tolerance over all bit patterns (one in 65,521)", () => {
  const bits = new Uint32Array(Math.ceil(2 ** 32 / 65521 / 4) * 4).map((_, i) => i * 65521);
  const xs = new Float32Array(bits.buffer);
  it.each(unary)("%s", (name) => {
    const f = reference[name];
    const worst: Worst = { error: 0, at: [] };
    const run = kernel(name, "f32x4");
    for (let from = 0; from < xs.length; from += capacity) {
      const part = xs.subarray(from, from + capacity);
      run(part).forEach((got, i) => {
        compare(worst, "f32x4", [part[i]], got, f(part[i], 0));
      });
    }
    expect(worst.error, `at ${worst.at.join()}`).toBeLessThan(tolerance[name]);
    expect(worst.error).toBeGreaterThan(0.49); // the measure does measure
  });
});

describe("double precision stays within its tolerance of values known to 30 digits", () => {
  it.each(names)("%s", (name) => {
    const path = new URL(`../../golden/elementary/${name}.json`, import.meta.url);
    const rows = JSON.parse(readFileSync(path, "utf8")) as number[][];
    const arity = binary.includes(name) ? 2 : 1;
    // An even number of elements, for whole vectors.
    const used = rows.slice(0, rows.length - (rows.length % 2));
    const operands = Array.from({ length: arity }, (_, k) => used.map((row) => row[k]));
    const worst: Worst = { error: 0, at: [] };
    kernel(
      name,
      "f64x2",
    )(...operands).forEach((got, i) => {
      const [exact, rest] = used[i].slice(arity);
      compare(worst, "f64x2", used[i], got, exact, rest);
    });
    expect(used.length).toBeGreaterThan(90);
    expect(worst.error, `at ${worst.at.join()}`).toBeLessThan(tolerance[name]);
    expect(worst.error).toBeGreaterThan(0.4);
  });
});

const specials = [0, -0, 1, -1, Infinity, -Infinity, NaN, 2 ** -1074, -(2 ** -1074), 2 ** -149];

describe.each(formats)("special values in %s", (format) => {
  const tiny = format === "f32x4" ? 2 ** -149 : 2 ** -1074;

  it.each(unary)("%s of zeros, infinities, NaN and the smallest numbers", (name) => {
    const xs = [...specials, tiny, -tiny, 4 * tiny, -4 * tiny, 1 + 2 ** -20, -1 - 2 ** -20];
    const inputs = format === "f32x4" ? xs.map(Math.fround) : xs;
    kernel(
      name,
      format,
    )(inputs).forEach((got, i) => {
      const worst: Worst = { error: 0, at: [] };
      compare(worst, format, [inputs[i]], got, reference[name](inputs[i], 0));
      expect(worst.error, `${name}(${String(inputs[i])}) = ${String(got)}`).toBeLessThan(
        tolerance[name] + 1, // double-precision Math is not exact itself
      );
    });
  });

  it("odd functions keep the sign of zero", () => {
    const odd: ElementaryName[] = [
      "expm1",
      "log1p",
      "tanh",
      "sinh",
      "erf",
      "sin",
      "tan",
      "atan",
      "asin",
    ];
    for (const name of odd)
      expect([...kernel(name, format)([0, -0, 0, -0])]).toEqual([0, -0, 0, -0]);
  });

  it("overflow and underflow begin where they should", () => {
    const [most, least] =
      format === "f32x4" ? [88.72283172607422, -103.97208] : [709.782712893384, -745.1332191019411];
    const above = format === "f32x4" ? 88.72283935546875 : 709.7827128933841;
    const below = format === "f32x4" ? -103.97208404541 : -745.1332191019412;
    const result = kernel("exp", format)([most, above, least, below]);
    expect(result[0]).toBeLessThan(Infinity);
    expect(result[1]).toBe(Infinity);
    expect(result[2]).toBe(tiny);
    expect(result[3]).toBe(0);
  });

  it("pow has the special cases of C", () => {
    const cases: readonly (readonly [number, number, number])[] = [
      [1, NaN, 1],
      [NaN, 0, 1],
      [NaN, -0, 1],
      [0, 0, 1],
      [Infinity, 0, 1],
      [-Infinity, -0, 1],
      [1, Infinity, 1],
      [-1, Infinity, 1],
      [-1, -Infinity, 1],
      [-1, NaN, NaN],
      [NaN, 1, NaN],
      [2, NaN, NaN],
      [0, NaN, NaN],
      [NaN, Infinity, NaN],
      [0, 3, 0],
      [-0, 3, -0],
      [-0, 2, 0],
      [-0, 0.5, 0],
      [0, -1, Infinity],
      [-0, -1, -Infinity],
      [-0, -2, Infinity],
      [-0, -0.5, Infinity],
      [-0, Infinity, 0],
      [-0, -Infinity, Infinity],
      [0.5, Infinity, 0],
      [0.5, -Infinity, Infinity],
      [-2, Infinity, Infinity],
      [-2, -Infinity, 0],
      [Infinity, 2, Infinity],
      [Infinity, -2, 0],
      [-Infinity, 3, -Infinity],
      [-Infinity, 2, Infinity],
      [-Infinity, 0.5, Infinity],
      [-Infinity, -3, -0],
      [-Infinity, -0.5, 0],
      [-Infinity, Infinity, Infinity],
      [-8, 1 / 3, NaN],
      [-2, 3, -8],
      [-2, 2, 4],
      [-2, -1, -0.5],
      [-1, 2 ** 60, 1],
      [2, 1e30, Infinity],
      [-2, 1e30, Infinity],
      [0.5, 1e30, 0],
      [2, -1e30, 0],
      [2, tiny, 1],
      [2, -1074, format === "f32x4" ? 0 : 2 ** -1074],
      [2, -149, 2 ** -149],
    ];
    const [x, y] = [cases.map((row) => row[0]), cases.map((row) => row[1])];
    const got = [...kernel("pow", format)(x, y)];
    expect(cases.map((row, i) => [row[0], row[1], got[i]])).toEqual(cases.map((row) => [...row]));
  });

  it("atan2 has the special cases of C", () => {
    const values = [0, -0, 1, -1, Infinity, -Infinity, NaN, 2, -3];
    const all = values.flatMap((y) => values.map((x) => [y, x] as const)).slice(0, 80);
    const got = kernel("atan2", format)(
      all.map((p) => p[0]),
      all.map((p) => p[1]),
    );
    all.forEach(([y, x], i) => {
      const worst: Worst = { error: 0, at: [] };
      compare(worst, format, [y, x], got[i], Math.atan2(y, x));
      expect(worst.error, `atan2(${String(y)}, ${String(x)}) = ${String(got[i])}`).toBeLessThan(2);
    });
  });

  it("a lane has the same bits whatever its neighbours are", () => {
    const draw = generator(3);
    const xs = Array.from({ length: 64 }, () => (draw() - 0.5) * 10 ** (40 * draw()));
    for (const name of unary) {
      const run = kernel(name, format);
      const alone = xs.map((x) => run([x, x, x, x])[0]);
      expect([...run(xs)], name).toEqual(alone);
    }
  });

  it("several functions stand in one loop without disturbing each other", () => {
    const xs = [0.25, 1.5, 3e9, -2];
    const run = loop(format, (f, operand) => {
      operand(0);
      math.sin[format](f);
      operand(0);
      math.tanh[format](f);
      f.op(`${format}.add`);
      operand(0);
      math.cos[format](f);
      f.op(`${format}.mul`);
    });
    const [sin, tanh, cos] = (["sin", "tanh", "cos"] as const).map((name) =>
      kernel(name, format)(xs),
    );
    const round = format === "f32x4" ? Math.fround : (x: number) => x;
    expect([...run(xs)]).toEqual(xs.map((_, i) => round(round(sin[i] + tanh[i]) * cos[i])));
  });
});

describe("functions of two single-precision operands stay within their tolerance", () => {
  it.each(["pow", "atan2"] as const)("%s", (name) => {
    const draw = generator(11);
    const xs = new Float32Array(capacity);
    const ys = new Float32Array(capacity);
    for (let i = 0; i < capacity; i++) {
      xs[i] = i % 4 === 0 ? 1 + (draw() - 0.5) / 64 : 10 ** (80 * draw() - 42);
      ys[i] = name === "pow" ? (280 * draw() - 150) / Math.log2(xs[i]) : 10 ** (70 * draw() - 35);
      if (i % 5 === 0) xs[i] *= -1;
      if (i % 5 === 0 && name === "pow") ys[i] = Math.round(40 * draw() - 20);
    }
    const worst: Worst = { error: 0, at: [] };
    kernel(name, "f32x4")(xs, ys).forEach((got, i) => {
      compare(worst, "f32x4", [xs[i], ys[i]], got, reference[name](xs[i], ys[i]));
    });
    expect(worst.error, `at ${worst.at.join()}`).toBeLessThan(
      name === "pow" ? 0.51 : tolerance[name],
    );
  });
});
