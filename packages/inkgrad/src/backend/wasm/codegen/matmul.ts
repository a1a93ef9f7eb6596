import { bytesPer, type DType } from "../../../base/dtype.js";
import { sizeOf, stridesOf } from "../../../base/shape.js";
import type { Access, Buffer, MatmulKernel } from "../../program.js";
import type { FunctionBuilder } from "../assembler/function.js";
import type { ModuleContext } from "./context.js";
import { collapse, Cursor, nest, releaseAll } from "./cursor.js";
import { blockRows, Product, tileRows } from "./product.js";
import type { Step } from "./step.js";

/**
 * Matrix product in tiles that stay in registers. The right side is packed into panels as wide as a
 * tile, a block of rows at a time, so that the innermost loop reads it front to back; the left side
 * is read where it lies, one element for all lanes, through whatever strides it has.
 *
 * @source Goto & van de Geijn, "Anatomy of high-performance matrix multiplication", 2008
 */

/**
 * The steps of a product: the right side packed, then the sums, cut along rows or panels. Products
 * of many matrices are cut along those, each packed by itself.
 *
 * @param scratch  makes a buffer for the packed right side
 * @param byRows   cut along the rows
 */
export function matmulSteps(
  kernel: MatmulKernel,
  scratch: (dtype: DType, elements: number) => Buffer,
  byRows = false,
): Step[] {
  const { batch, m, k, n, x, y, to, dtype } = kernel;
  const product = new Product(kernel);
  const size = bytesPer(dtype);
  const about = {
    name: `matmul ${[...batch, m].join("×")}×${k} · ${k}×${n}`,
    operations: 2 * sizeOf(batch) * m * k * n,
  };
  const start = (f: FunctionBuilder, context: ModuleContext, { buffer, layout }: Access): void => {
    context.pushAddress(f, buffer, layout.offset * size);
  };
  const r = batch.length;
  const strides = [x.layout.strides, y.layout.strides, stridesOf([...batch, m, n])];
  const walk = collapse(
    batch,
    strides.map((s) => s.slice(0, r)),
    byRows ? Math.min(1, r) : 0,
  );
  if (walk.sizes.length > 0)
    return [
      {
        ...about,
        reads: [x.buffer, y.buffer],
        writes: [to],
        length: walk.sizes[0],
        piece: Math.max(1, Math.ceil(200_000 / (m * k * n * sizeOf(walk.sizes.slice(1))))),
        scratchBytes: product.packedElements * size,
        emit: (f, context, place, count) => {
          const pushes = [
            () => {
              start(f, context, x);
            },
            () => {
              start(f, context, y);
            },
            () => {
              context.pushAddress(f, to);
            },
          ];
          const cursors = pushes.map(
            (push, i) =>
              new Cursor(
                f,
                push,
                walk.paths[i].map((stride) => stride * size),
              ),
          );
          for (const cursor of cursors) cursor.moveTo(f, 0, place);
          const [, packed] = f.params;
          const first = f.local("i32");
          const sizes = [count, ...walk.sizes.slice(1)];
          nest(f, sizes, cursors, 0, sizes.length, () => {
            f.i32(0).set(first);
            product.pack(f, cursors[1].at, packed, first, product.panels);
            product.rows(f, context, cursors[0].at, packed, cursors[2].at, first, m);
          });
          f.release(first);
          releaseAll(f, cursors);
        },
      },
    ];

  const packed = scratch(dtype, product.packedElements);
  const pack: Step = {
    name: `pack ${k}×${n}`,
    operations: 0,
    reads: [y.buffer],
    writes: [packed],
    length: product.panels,
    piece: Math.max(1, Math.ceil(8192 / (k * product.width))),
    emit: (f, context, first, count) => {
      const [from, into] = [f.local("i32"), f.local("i32")];
      start(f, context, y);
      f.set(from);
      context.pushAddress(f, packed);
      f.set(into);
      product.pack(f, from, into, first, count);
      f.release(from, into);
    },
  };
  const cutRows = byRows || m >= 4 * blockRows || product.panels < 4;
  const compute: Step = {
    ...about,
    reads: [x.buffer, packed],
    writes: [to],
    length: cutRows ? m : product.panels,
    piece: cutRows
      ? Math.min(blockRows, Math.max(tileRows, Math.ceil(m / 8 / tileRows) * tileRows))
      : Math.max(1, Math.min(4, Math.floor(product.panels / 8))),
    emit: (f, context, first, count) => {
      const [left, right, result] = [f.local("i32"), f.local("i32"), f.local("i32")];
      start(f, context, x);
      f.set(left);
      context.pushAddress(f, packed);
      f.set(right);
      context.pushAddress(f, to);
      f.set(result);
      if (cutRows) product.rows(f, context, left, right, result, first, count);
      else product.columns(f, context, left, right, result, first, count);
      f.release(left, right, result);
    },
  };
  return [pack, compute];
}
