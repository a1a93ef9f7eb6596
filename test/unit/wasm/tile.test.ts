import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import type { FunctionBuilder } from "@src/backend/wasm/assembler/function.js";
import { ModuleBuilder } from "@src/backend/wasm/assembler/module.js";
import {
  columnPanels,
  emitPackA,
  emitPackB,
  packedBytes,
  type PackOptions,
} from "@src/backend/wasm/codegen/tile-pack.js";
import { divideRows, tileShape } from "@src/backend/wasm/codegen/tile-shapes.js";
import { emitStoreTile } from "@src/backend/wasm/codegen/tile-store.js";
import { emitTile, lanesIn, type Madd, type TileType } from "@src/backend/wasm/codegen/tile.js";

const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u32: Uint32Array };
const dtypes: TileType[] = ["f32", "f64", "i32"];
const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 });
const [aAt, bAt, toAt] = [0x1000, 0x10000, 0x20000];
/** What is in the result before: whoever writes beside it is found out. */
const before = 99;

/** Functions without operands in one module: their addresses are constants. */
function assemble(bodies: readonly ((f: FunctionBuilder) => void)[]): (() => void)[] {
  const builder = new ModuleBuilder({ initial: 4, maximum: 4, shared: false });
  bodies.forEach((body, i) => {
    builder.export(`run${i}`, builder.function([], [], body));
  });
  const module = new WebAssembly.Module(builder.encoded());
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return bodies.map((_, i) => exports[`run${i}`] as () => void);
}

function address(f: FunctionBuilder, value: number) {
  const local = f.local("i32");
  f.i32(value).set(local);
  return local;
}

/** Small whole numbers: every product and sum of them is exact, in whatever order. */
function fill(dtype: TileType, at: number, count: number, by: number): number[] {
  const values = Array.from({ length: count }, (_, i) => ((i * by) % 13) - 6);
  new arrays[dtype](memory.buffer, at, count).set(values);
  return values;
}

function fuses(): boolean {
  const builder = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  builder.function([], ["v128"], (f) => f.f32x4(1).f32x4(1).f32x4(1).op("f32x4.relaxed_madd"));
  return WebAssembly.validate(builder.encoded());
}
// Node 20 has it behind a flag, later ones at once.
if (!fuses() && process.versions.node.startsWith("20."))
  setFlagsFromString("--experimental-wasm-relaxed-simd");

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly unroll: number;
  readonly form: "rows" | "transposed" | "apart" | "broadcast";
  readonly add: boolean;
}

/** Compares tiles with plain loops. */
function tryTiles(dtype: TileType, madd: Madd, cases: readonly Case[]): void {
  const size = arrays[dtype].BYTES_PER_ELEMENT;
  const lanes = lanesIn(dtype);
  const layouts = cases.map(({ rows, columns, depth, form }) => {
    const vectors = Math.ceil(columns / lanes);
    const [aRow, aStep] = {
      rows: [depth, 1],
      transposed: [1, rows],
      apart: [3 * depth + 1, 3],
      broadcast: [1, 0],
    }[form];
    return { vectors, aRow, aStep, bStep: vectors * lanes, rowStep: columns + 3 };
  });
  const runs = assemble(
    cases.map(({ rows, columns, depth, unroll, add }, i) => (f) => {
      const { vectors, aRow, aStep, bStep, rowStep } = layouts[i];
      const sums = emitTile(f, address(f, aAt), address(f, bAt), {
        dtype,
        madd,
        rows,
        vectors,
        aRow: aRow * size,
        aStep: aStep * size,
        bStep: bStep * size,
        depth,
        unroll,
      });
      const to = address(f, toAt);
      emitStoreTile(f, sums, to, { dtype, rowStep: rowStep * size, columns, add });
    }),
  );
  const a = fill(dtype, aAt, 1000, 7);
  const b = fill(dtype, bAt, 1000, 5);
  cases.forEach(({ rows, columns, depth, add, ...rest }, i) => {
    const { aRow, aStep, bStep, rowStep } = layouts[i];
    const found = new arrays[dtype](memory.buffer, toAt, rows * rowStep).fill(before);
    const expected = Array.from(found);
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        let sum = add ? before : 0;
        for (let d = 0; d < depth; d++) sum += a[r * aRow + d * aStep] * b[d * bStep + c];
        expected[r * rowStep + c] = sum;
      }
    runs[i]();
    const name = `${rows}×${columns}×${depth} ${JSON.stringify({ add, ...rest })}`;
    expect(Array.from(found), name).toEqual(expected);
  });
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const forms = ["rows", "transposed", "apart", "broadcast"] as const;

/** Every height, width and depth; the rest in turn. */
const cases: Case[] = range(1, 8).flatMap((rows) =>
  range(1, 17).flatMap((columns) =>
    range(1, 20)
      .filter((depth) => (rows + columns + depth) % 3 === 0)
      .map((depth, i) => ({
        rows,
        columns,
        depth,
        unroll: [1, 2, 3, 4, 8][(rows + i) % 5],
        form: forms[(columns + i) % 4],
        add: i % 3 === 0,
      })),
  ),
);

describe("a tile", () => {
  it.each(dtypes)("of %s sums products, at every height, width and depth", (dtype) => {
    tryTiles(dtype, "mul+add", cases);
  });

  it.skipIf(!fuses()).each(dtypes)("of %s sums fused products (skipped without)", (dtype) => {
    tryTiles(dtype, "relaxed", cases);
  });

  it("sums zeros over no depth", () => {
    const none = { rows: 2, columns: 5, depth: 0, unroll: 4, form: "rows", add: false } as const;
    tryTiles("f32", "mul+add", [none]);
  });

  it("takes its left side in segments, regular and not", () => {
    const lists = [
      [3, 0, 1, 0, 5],
      [4, 4, 4],
      [6, 6, 6, 2, 2, 1],
      [1, 1],
    ].flatMap((steps) =>
      [10, 7, 0].map((apart) => steps.map((n, i) => ({ offset: (i * apart + 2) * 4, steps: n }))),
    );
    const runs = assemble(
      lists.map((depth) => (f) => {
        const sums = emitTile(f, address(f, aAt), address(f, bAt), {
          dtype: "f32",
          madd: "mul+add",
          rows: 3,
          vectors: 2,
          aRow: 400,
          aStep: 4,
          bStep: 32,
          depth,
          unroll: 4,
        });
        const store = { dtype: "f32", rowStep: 32, columns: 8, add: false } as const;
        emitStoreTile(f, sums, address(f, toAt), store);
      }),
    );
    const a = fill("f32", aAt, 1000, 7);
    const b = fill("f32", bAt, 1000, 5);
    lists.forEach((list, i) => {
      runs[i]();
      const offsets = list.flatMap(({ offset, steps }) =>
        range(1, steps).map((s) => offset / 4 + s - 1),
      );
      const expected = range(0, 2).flatMap((r) =>
        range(0, 7).map((c) =>
          offsets.reduce((sum, at, d) => sum + a[r * 100 + at] * b[d * 8 + c], 0),
        ),
      );
      expect(Array.from(new Float32Array(memory.buffer, toAt, 24)), JSON.stringify(list)).toEqual(
        expected,
      );
    });
  });
});

describe("packing", () => {
  /** Strides of a depth × across matrix, by how it lies. */
  const lying = {
    "row by row": (_: number, across: number) => [across + 2, 1],
    transposed: (depth: number) => [1, depth + 1],
    apart: (depth: number) => [2, 2 * depth + 3],
    "one element": () => [0, 0],
  };

  it.each(Object.keys(lying) as (keyof typeof lying)[])("finds every element, %s", (how) => {
    for (const dtype of dtypes) {
      const size = arrays[dtype].BYTES_PER_ELEMENT;
      const tried: { pack: typeof emitPackA; options: PackOptions }[] = [];
      for (const across of [...range(1, 9), 12, 17, 25])
        for (const depth of [1, 2, 3, 4, 5, 7, 8, 11]) {
          const [depthStep, acrossStep] = lying[how](depth, across).map((step) => step * size);
          const common = { dtype, depth, depthStep, acrossStep };
          for (const vectors of [1, 2, 3])
            tried.push({
              pack: emitPackB,
              options: { ...common, panels: columnPanels(dtype, across, vectors) },
            });
          for (const rows of [5, 6]) {
            const panels = divideRows(across, rows).map(({ rows: width, count }) => ({
              count,
              width,
              used: width,
            }));
            tried.push({ pack: emitPackA, options: { ...common, panels } });
          }
        }
      const runs = assemble(
        tried.map(({ pack, options }) => (f) => {
          pack(f, address(f, aAt), address(f, toAt), options);
        }),
      );
      const source = fill(dtype, aAt, 1000, 7);
      tried.forEach(({ options }, i) => {
        const expected: number[] = [];
        let first = 0;
        for (const { count, width, used } of options.panels)
          for (let panel = 0; panel < count; panel++, first += used)
            for (let d = 0; d < options.depth; d++)
              for (let c = 0; c < width; c++) {
                const at = (d * options.depthStep + (first + c) * options.acrossStep) / size;
                expected.push(c < used ? source[at] : 0);
              }
        expect(packedBytes(options)).toBe(expected.length * size);
        expected.push(before);
        const found = new arrays[dtype](memory.buffer, toAt, expected.length).fill(before);
        runs[i]();
        expect(Array.from(found), JSON.stringify(options)).toEqual(expected);
      });
    }
  });
});

describe("shapes of tiles", () => {
  it("cover all rows, as equally as can be", () => {
    expect(divideRows(32, 6)).toEqual([
      { rows: 6, count: 2 },
      { rows: 5, count: 4 },
    ]);
    for (const rows of range(1, 8))
      for (const m of range(0, 70)) {
        const runs = divideRows(m, rows);
        expect(runs.reduce((sum, run) => sum + run.rows * run.count, 0)).toBe(m);
        const heights = runs.map((run) => run.rows);
        expect(Math.max(0, ...heights)).toBeLessThanOrEqual(rows);
        expect(Math.max(0, ...heights) - Math.min(rows, ...heights)).toBeLessThanOrEqual(
          m < rows ? rows : 1,
        );
      }
  });

  it("are no larger than the product", () => {
    for (const mode of ["mul+add", "relaxed", "revectorize"] as const)
      for (const dtype of dtypes)
        for (const m of [1, 2, 3, 5, 64])
          for (const n of [1, 2, 5, 10, 64])
            for (const k of [1, 3, 100]) {
              const { rows, vectors, unroll } = tileShape(m, n, k, mode, dtype);
              expect(rows).toBeLessThanOrEqual(m);
              expect((vectors - 1) * lanesIn(dtype)).toBeLessThan(n);
              expect(unroll).toBeLessThanOrEqual(k);
            }
  });
});
