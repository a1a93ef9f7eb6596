import { bytesPer } from "../../../base/dtype.js";
import { sizeOf, stridesOf } from "../../../base/shape.js";
import type { Access, MatmulKernel } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { ModuleContext } from "./context.js";
import { collapse, Cursor, nest, releaseAll } from "./cursor.js";
import type { Scratch } from "./operations.js";
import { isTileType, Product } from "./product.js";
import type { Step } from "./step.js";
import type { TileMode } from "./tile-shapes.js";

/** Does this kernel take the product? It walks forwards only, and needs something to sum. */
export const canTile = ({ dtype, k, x, y, to }: MatmulKernel): boolean =>
  isTileType(dtype) &&
  k > 0 &&
  to.elements > 0 &&
  [x, y].every(({ layout }) => layout.strides.slice(-2).every((stride) => stride >= 0));

/**
 * The steps of a product of matrices. Its sides are put in the order in which tiles read them, where
 * that pays, by steps of their own; the sums are cut along rows or columns. Products of many matrices
 * are cut along those, each by itself.
 *
 * @param mode    what the tiles are made of
 * @param byRows  cut along the rows (along the first axis of many matrices)
 */
export function matmulSteps(
  kernel: MatmulKernel,
  scratch: Scratch,
  mode: TileMode,
  byRows = false,
): Step[] {
  const { batch, m, k, n, x, y, to, dtype } = kernel;
  const product = new Product(kernel, mode, byRows);
  const size = bytesPer(dtype);
  const about = {
    name: `matmul ${[...batch, m].join("×")}×${k} · ${k}×${n}`,
    operations: 2 * sizeOf(batch) * m * k * n,
  };
  const r = batch.length;
  const strides = [x.layout.strides, y.layout.strides, stridesOf([...batch, m, n])];
  const walk = collapse(
    batch,
    strides.map((s) => s.slice(0, r)),
    byRows ? Math.min(1, r) : 0,
  );
  const pushes = (f: FunctionBuilder, context: ModuleContext): (() => void)[] => {
    const push = ({ buffer, layout }: Access): void => {
      context.pushAddress(f, buffer, layout.offset * size);
    };
    return [() => push(x), () => push(y), () => context.pushAddress(f, to)];
  };
  if (walk.sizes.length > 0) {
    const each = m * k * n * sizeOf(walk.sizes.slice(1));
    return [
      {
        ...about,
        reads: [x.buffer, y.buffer],
        writes: [to],
        length: walk.sizes[0],
        byRows: true,
        piece: Math.max(1, Math.ceil(200_000 / each)),
        scratchBytes: (product.packedRight + product.packedLeft) * size,
        emit: (f, context, place, count) => {
          const cursors = pushes(f, context).map(
            (push, i) => new Cursor(f, push, walk.paths[i].map((stride) => stride * size)), // prettier-ignore
          );
          for (const cursor of cursors) cursor.moveTo(f, 0, place);
          const right = f.params[1];
          const left = f.local("i32");
          const first = f.local("i32");
          f.get(right)
            .plus(product.packedRight * size)
            .set(left);
          const sizes = [count, ...walk.sizes.slice(1)];
          const [xs, ys, tos] = cursors;
          nest(f, sizes, cursors, 0, sizes.length, () => {
            f.i32(0).set(first);
            if (product.packsRight) product.packRight(f, ys.at, right, first, product.panels);
            if (product.packsLeft) product.packLeft(f, xs.at, left, first, m);
            const sides = {
              x: product.packsLeft ? left : xs.at,
              y: product.packsRight ? right : ys.at,
              to: tos.at,
            };
            product.rows(f, context, sides, first, m);
          });
          f.release(first, left);
          releaseAll(f, cursors);
        },
      },
    ];
  }

  const steps: Step[] = [];
  const address = (f: FunctionBuilder, push: () => void): Local => {
    const local = f.local("i32");
    push();
    f.set(local);
    return local;
  };
  let [left, right] = [x.buffer, y.buffer];
  if (product.packsRight) {
    right = scratch(dtype, product.packedRight);
    const into = right;
    steps.push({
      name: `pack ${k}×${n}`,
      operations: 0,
      reads: [y.buffer],
      writes: [into],
      length: product.panels,
      piece: Math.max(1, Math.ceil(8192 / (k * product.width))),
      emit: (f, context, first, count) => {
        const from = address(f, pushes(f, context)[1]);
        const to = address(f, () => context.pushAddress(f, into));
        product.packRight(f, from, to, first, count);
        f.release(from, to);
      },
    });
  }
  if (product.packsLeft) {
    left = scratch(dtype, product.packedLeft);
    const into = left;
    steps.push({
      name: `pack ${m}×${k}`,
      operations: 0,
      reads: [x.buffer],
      writes: [into],
      length: m,
      piece: product.block,
      emit: (f, context, first, count) => {
        const from = address(f, pushes(f, context)[0]);
        const to = address(f, () => context.pushAddress(f, into));
        product.packLeft(f, from, to, first, count);
        f.release(from, to);
      },
    });
  }
  steps.push({
    ...about,
    reads: [left, right],
    writes: [to],
    length: product.cutsRows ? m : product.panels,
    byRows: product.cutsRows,
    // The packed left side is divided into tiles block by block.
    wholePieces: product.packsLeft,
    piece: product.cutsRows ? product.block : product.panelsAtOnce,
    emit: (f, context, first, count) => {
      const [pushX, pushY, pushTo] = pushes(f, context);
      const sides = {
        x: address(f, product.packsLeft ? () => context.pushAddress(f, left) : pushX),
        y: address(f, product.packsRight ? () => context.pushAddress(f, right) : pushY),
        to: address(f, pushTo),
      };
      if (product.cutsRows) product.rows(f, context, sides, first, count);
      else product.columns(f, context, sides, first, count);
      f.release(sides.x, sides.y, sides.to);
    },
  });
  return steps;
}
