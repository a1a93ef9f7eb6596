import { bytesPer, type DType, isFloat } from "../../../../base/dtype.js";
import type { Axis } from "../../../../ops/reduce.js";
import type { FunctionBuilder, Local, ValueType } from "../../assembler/function.js";
import type { MemoryOp, Plain } from "../../assembler/opcodes.js";
import type { OperationLowering } from "../operations.js";
import { splitAt } from "./indices.js";
import { move, rowStep, type StripSteps } from "./rows.js";

type Fn = "argmax" | "argmin";

/** The best element so far of one row, or of several side by side, and where it stands. */
interface Unit {
  readonly rows: number;
  readonly type: ValueType;
  /** What positions are counted in. */
  readonly positions: ValueType;
  readonly load: MemoryOp;
  /** From two values on the stack: is the first strictly better? Floats: is it not? */
  readonly compare: Plain;
  /** Floats: is the first equal to the second? (A NaN is not, even to itself.) */
  readonly equal: Plain;
  readonly not: Plain;
  readonly and: Plain;
}

const scalarTypes: { readonly [D in DType]?: readonly ["i32" | "f32" | "f64", MemoryOp] } = {
  f32: ["f32", "f32.load"],
  f64: ["f64", "f64.load"],
  i32: ["i32", "i32.load"],
  u32: ["i32", "i32.load"],
  u8: ["i32", "i32.load8_u"],
  bool: ["i32", "i32.load8_u"],
};

function scalarUnit(dtype: DType, fn: Fn): Unit | null {
  const found = scalarTypes[dtype];
  if (found === undefined) return null;
  const [type, load] = found;
  const sign = dtype === "i32" ? "s" : "u";
  return {
    rows: 1,
    type,
    positions: "i32",
    load,
    compare:
      type === "i32"
        ? `i32.${fn === "argmax" ? "gt" : "lt"}_${sign}`
        : `${type}.${fn === "argmax" ? "le" : "ge"}`,
    equal: `${type}.eq`,
    not: "i32.eqz",
    and: "i32.and",
  };
}

function vectorUnit(dtype: DType, fn: Fn): Unit | null {
  const about = { type: "v128", positions: "v128", load: "v128.load" } as const;
  const bits = { not: "v128.not", and: "v128.and" } as const;
  if (dtype === "f32" || dtype === "f64") {
    const lanes = dtype === "f32" ? "f32x4" : "f64x2";
    return {
      ...{ ...about, ...bits },
      rows: dtype === "f32" ? 4 : 2,
      compare: `${lanes}.${fn === "argmax" ? "le" : "ge"}`,
      equal: `${lanes}.eq`,
    };
  }
  if (dtype !== "i32" && dtype !== "u32") return null;
  return {
    ...{ ...about, ...bits },
    rows: 4,
    compare: `i32x4.${fn === "argmax" ? "gt" : "lt"}_${dtype === "i32" ? "s" : "u"}`,
    equal: "i32x4.eq",
  };
}

/** The first of the best elements, or the first NaN; several rows side by side. */
export const position: OperationLowering = ({ node, inputs: [x], to }) => {
  const { dtype } = x;
  const fn = node.op as Fn;
  const scalar = scalarUnit(dtype, fn);
  if (scalar === null) return null;
  if (to.elements === 0) return [];
  const vector = vectorUnit(dtype, fn);
  const { outer, n, inner } = splitAt(node.src[0].shape, (node.attrs as Axis).axis);
  const size = bytesPer(dtype);
  const float = isFloat(dtype);

  /** Puts x and its position in the place of the best, if x is better. */
  const take = (f: FunctionBuilder, unit: Unit, value: Local, at: Local, best: Best): void => {
    const better = f.local(unit.type === "v128" ? "v128" : "i32");
    f.get(value).get(best.value).op(unit.compare);
    // Not worse, and not behind a NaN: so the first NaN is taken, and nothing after it.
    if (float) f.op(unit.not).get(best.value).get(best.value).op(unit.equal).op(unit.and);
    f.set(better);
    const select = unit.type === "v128" ? "v128.bitselect" : "select";
    f.get(value).get(best.value).get(better).op(select).set(best.value);
    f.get(at).get(best.at).get(better).op(select).set(best.at);
    f.release(better);
  };

  /** Pushes the number i in the form of a unit's positions. */
  const pushPosition = (f: FunctionBuilder, unit: Unit, i: Local): void => {
    f.get(i);
    if (unit.type !== "v128") return;
    if (dtype === "f64") f.op("f64.convert_i32_s").op("f64x2.splat");
    else f.op("i32x4.splat");
  };

  const strip = (
    f: FunctionBuilder,
    from: Local,
    to: Local,
    rows: number,
    { read, write, along }: StripSteps,
  ): void => {
    const bests: (Best & { readonly unit: Unit; readonly row: number })[] = [];
    for (let row = 0; row < rows;) {
      const wide = vector !== null && read === size && row + vector.rows <= rows;
      const unit = wide ? vector : scalar;
      bests.push({ unit, row, value: f.local(unit.type), at: f.local(unit.positions) });
      row += unit.rows;
    }
    const [source, i] = f.locals(2, "i32");
    f.get(from).set(source).i32(0).set(i);
    for (const { unit, row, value, at } of bests) {
      f.get(from)
        .mem(unit.load, row * read, unit.type === "v128" ? 2 : undefined)
        .set(value);
      pushPosition(f, unit, i);
      f.set(at);
    }
    f.for(i, 1, n, 1, () => {
      move(f, source, along);
      const positions = f.local("v128");
      if (vector !== null && bests.some(({ unit }) => unit === vector)) {
        pushPosition(f, vector, i);
        f.set(positions);
      }
      for (const best of bests) {
        const { unit, row } = best;
        const value = f.local(unit.type);
        f.get(source)
          .mem(unit.load, row * read, unit.type === "v128" ? 2 : undefined)
          .set(value);
        take(f, unit, value, unit === vector ? positions : i, best);
        f.release(value);
      }
      f.release(positions);
    });
    for (const { unit, row, value, at } of bests) {
      f.get(to).get(at);
      if (unit === scalar) f.mem("i32.store", row * write);
      else if (dtype === "f64")
        f.op("i32x4.trunc_sat_f64x2_s_zero").memLane("v128.store64_lane", row * write, 0);
      else f.mem("v128.store", row * write, 2);
      f.release(value, at);
    }
    f.release(source, i);
  };
  return [
    rowStep({
      about: {
        name: `${fn} ${node.src[0].shape.join("×")}`,
        reads: [x],
        writes: [to],
        operations: 4 * x.elements,
      },
      ...{ outer, n, inner, strip },
      readSize: size,
      writeSize: 4,
      results: 1,
      wide: vector === null ? 4 : 4 * vector.rows,
      narrow: 4,
    }),
  ];
};

interface Best {
  readonly value: Local;
  readonly at: Local;
}
