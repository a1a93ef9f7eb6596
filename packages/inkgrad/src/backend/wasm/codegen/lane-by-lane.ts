import type { Value } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { ModuleContext } from "./context.js";
import { type LaneCount, laneType } from "./lanes.js";

/** One element after the other, by the host: for what has no vector form. Operands on the stack. */
export function emitLaneByLane(
  f: FunctionBuilder,
  call: Extract<Value, { kind: "call" }>,
  lanes: LaneCount,
  context: ModuleContext,
): void {
  const operands = call.args.map(() => f.local("v128"));
  for (const local of [...operands].reverse()) f.set(local);
  const result = f.local("v128");
  const which = context.laneCall({
    fn: call.fn,
    input: call.args.at(-1)!.dtype,
    output: call.dtype,
  });
  f.i32x4(0).set(result);
  for (let lane = 0; lane < lanes; lane++) {
    f.get(result);
    f.i32(which);
    call.args.forEach((arg, i) => {
      extract(f, operands[i], laneType(arg.dtype), lane);
    });
    for (let i = call.args.length; i < 3; i++) f.f64(0);
    f.call(context.laneFunction);
    insert(f, laneType(call.dtype), lane);
    f.set(result);
  }
  f.get(result);
  f.release(result, ...operands);
}

/** One lane as f64. */
function extract(f: FunctionBuilder, vector: Local, type: string, lane: number): void {
  f.get(vector);
  if (type === "f64") f.lane("f64x2.extract_lane", lane);
  else if (type === "f32") f.lane("f32x4.extract_lane", lane).op("f64.promote_f32");
  else {
    f.lane("i32x4.extract_lane", lane);
    if (type === "mask") f.i32(1).op("i32.and");
    f.op(type === "u32" ? "f64.convert_i32_u" : "f64.convert_i32_s");
  }
}

/** The f64 on the stack into one lane of the vector below it. */
function insert(f: FunctionBuilder, type: string, lane: number): void {
  if (type === "f64") f.lane("f64x2.replace_lane", lane);
  else if (type === "f32") f.op("f32.demote_f64").lane("f32x4.replace_lane", lane);
  else {
    f.op(type === "u32" ? "i32.trunc_sat_f64_u" : "i32.trunc_sat_f64_s");
    // Truth is a mask of ones: 0 − 1.
    if (type === "mask") {
      const truth = f.local("i32");
      f.set(truth).i32(0).get(truth).op("i32.sub");
      f.release(truth);
    }
    f.lane("i32x4.replace_lane", lane);
  }
}
