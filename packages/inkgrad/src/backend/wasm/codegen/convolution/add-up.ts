import { bytesPer } from "../../../../base/dtype.js";
import type { Buffer } from "../../../program.js";
import type { Step } from "../step.js";
import { lanesIn, vectorAdd } from "../tile.js";
import { emitStoreTile } from "../tile-store.js";

/** The sum of the slices, in their order. */
export function addUp(dtype: "f32" | "f64", from: Buffer, to: Buffer, slices: number): Step {
  const size = bytesPer(dtype);
  const lanes = lanesIn(dtype);
  return {
    name: `sum of ${slices} slices`,
    operations: slices * to.elements,
    reads: [from],
    writes: [to],
    length: to.elements,
    piece: 1024,
    emit(f, context, start, count) {
      const [i, a, b] = f.locals(3, "i32");
      const sum = f.local("v128");
      for (const [at, buffer] of [
        [a, from],
        [b, to],
      ] as const) {
        context.pushAddress(f, buffer);
        f.get(start).times(size).op("i32.add").set(at);
      }
      const one = (across: number): void => {
        f.get(a).mem("v128.load", 0, 2).set(sum);
        for (let slice = 1; slice < slices; slice++)
          f.get(sum)
            .get(a)
            .mem("v128.load", slice * to.elements * size, 2)
            .op(vectorAdd(dtype))
            .set(sum);
        emitStoreTile(f, [[sum]], b, { dtype, rowStep: 0, columns: across, add: false });
        f.increase(a, 16);
        f.increase(b, 16);
      };
      f.for(i, 0, count - (count % lanes), lanes, () => {
        one(lanes);
      });
      if (count % lanes > 0) one(count % lanes);
      f.release(i, a, b, sum);
    },
  };
}
