import { bytesPer, type DType } from "../../../../base/dtype.js";
import type { Cumulative } from "../../../../ops/reduce.js";
import type { FunctionBuilder, Local, ValueType } from "../../assembler/function.js";
import type { MemoryOp, Plain } from "../../assembler/opcodes.js";
import type { OperationLowering } from "../operations.js";
import { splitAt } from "./indices.js";
import { move, rowStep, type StripSteps } from "./rows.js";

/** How running totals of one row, or of several side by side, are kept and combined. */
interface Unit {
  readonly rows: number;
  readonly type: ValueType;
  readonly initial: (f: FunctionBuilder, value: number) => void;
  readonly load: (f: FunctionBuilder, at: Local, offset: number) => void;
  readonly add: Plain;
  readonly mul: Plain;
  readonly store: (f: FunctionBuilder, at: Local, offset: number, total: Local) => void;
}

const one = (type: "i32" | "f64", load: MemoryOp, store: MemoryOp): Unit => ({
  rows: 1,
  type,
  initial: (f, value) => (type === "f64" ? f.f64(value) : f.i32(value)),
  load: (f, at, offset) => f.get(at).mem(load, offset),
  add: `${type}.add`,
  mul: `${type}.mul`,
  store: (f, at, offset, total) => f.get(at).get(total).mem(store, offset),
});

const vector = (rows: number, lanes: "i32x4" | "f64x2"): Unit => ({
  rows,
  type: "v128",
  initial: (f, value) => (lanes === "f64x2" ? f.f64x2(value) : f.i32x4(value)),
  load: (f, at, offset) => f.get(at).mem("v128.load", offset, 2),
  add: `${lanes}.add`,
  mul: `${lanes}.mul`,
  store: (f, at, offset, total) => f.get(at).get(total).mem("v128.store", offset, 2),
});

const integers = [vector(4, "i32x4"), one("i32", "i32.load", "i32.store")];
const doubles = [vector(2, "f64x2"), one("f64", "f64.load", "f64.store")];

/** The widest first. Totals of f32 are f64, so that a long running sum keeps its digits. */
const units: { readonly [D in DType]?: readonly Unit[] } = {
  f32: [
    {
      ...doubles[0],
      load: (f, at, offset) =>
        f.get(at).mem("v128.load64_zero", offset, 2).op("f64x2.promote_low_f32x4"),
      store: (f, at, offset, total) =>
        f.get(at).get(total).op("f32x4.demote_f64x2_zero").memLane("v128.store64_lane", offset, 0),
    },
    {
      ...doubles[1],
      load: (f, at, offset) => f.get(at).mem("f32.load", offset).op("f64.promote_f32"),
      store: (f, at, offset, total) =>
        f.get(at).get(total).op("f32.demote_f64").mem("f32.store", offset),
    },
  ],
  f64: doubles,
  i32: integers,
  u32: integers,
  u8: [one("i32", "i32.load8_u", "i32.store8")],
};

/** The total so far stays in a register and is stored at every element; several rows side by side. */
export const cumulative: OperationLowering = ({ node, inputs: [x], to }) => {
  const { axis, reverse } = node.attrs as Cumulative;
  const kinds = units[to.dtype];
  if (kinds === undefined) return null;
  if (to.elements === 0) return [];
  const { outer, n, inner } = splitAt(node.shape, axis);
  const size = bytesPer(to.dtype);
  const sums = node.op === "cumsum";

  const strip = (
    f: FunctionBuilder,
    from: Local,
    to: Local,
    rows: number,
    { read, along }: StripSteps,
  ): void => {
    const totals: { unit: Unit; offset: number; total: Local }[] = [];
    for (let row = 0; row < rows;) {
      const unit = kinds.find(
        (kind) => kind.rows === 1 || (read === size && row + kind.rows <= rows),
      )!;
      totals.push({ unit, offset: row * read, total: f.local(unit.type) });
      row += unit.rows;
    }
    for (const { unit, total } of totals) {
      unit.initial(f, sums ? 0 : 1);
      f.set(total);
    }
    const [source, target, i] = f.locals(3, "i32");
    f.get(from).set(source).get(to).set(target);
    if (reverse) {
      move(f, source, (n - 1) * along);
      move(f, target, (n - 1) * along);
    }
    f.for(i, 0, n, 1, () => {
      for (const { unit, offset, total } of totals) {
        f.get(total);
        unit.load(f, source, offset);
        f.op(sums ? unit.add : unit.mul).set(total);
        unit.store(f, target, offset, total);
      }
      move(f, source, reverse ? -along : along);
      move(f, target, reverse ? -along : along);
    });
    f.release(source, target, i, ...totals.map(({ total }) => total));
  };
  return [
    rowStep({
      about: {
        name: `${node.op} ${node.shape.join("×")}`,
        reads: [x],
        writes: [to],
        operations: 4 * to.elements,
      },
      ...{ outer, n, inner, strip },
      readSize: size,
      writeSize: size,
      results: n,
      wide: 16,
      narrow: 4,
    }),
  ];
};
