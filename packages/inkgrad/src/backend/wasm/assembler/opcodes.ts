/**
 * Instructions by their names in the WebAssembly specification. A number above 0xff is a prefix
 * (0xfc, 0xfd or 0xfe) in its upper part and the instruction's own number in the lower 16 bits.
 *
 * @source WebAssembly core specification 2.0, appendix "Index of Instructions"; relaxed SIMD and
 *   threads proposals
 */
const simd = (n: number): number => (0xfd << 16) | n;
const bulk = (n: number): number => (0xfc << 16) | n;
const atomic = (n: number): number => (0xfe << 16) | n;

/** Instructions of one type that are numbered one after the other. */
const from = <T extends string, N extends string>(type: T, first: number, ...names: readonly N[]) =>
  Object.fromEntries(names.map((name, i) => [`${type}.${name}`, first + i])) as {
    readonly [K in N as `${T}.${K}`]: number;
  };

/** What the two types of floating-point lanes have alike. */
const floats = <T extends string>(type: T, comparisons: number, arithmetic: number) => ({
  ...from(type, simd(comparisons), "eq", "ne", "lt", "gt", "le", "ge"),
  ...from(type, simd(arithmetic), "abs", "neg"),
  ...from(type, simd(arithmetic + 3), "sqrt", "add", "sub", "mul", "div"),
  ...from(type, simd(arithmetic + 8), "min", "max", "pmin", "pmax"),
});

/** Instructions without immediate operands. */
export const plain = {
  unreachable: 0x00,
  drop: 0x1a,
  select: 0x1b,

  ...from("i32", 0x45, "eqz", "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u"),
  ...from("i32", 0x4e, "ge_s", "ge_u"),
  ...from("i32", 0x6a, "add", "sub", "mul", "div_s", "div_u", "rem_s", "rem_u"),
  ...from("i32", 0x71, "and", "or", "xor", "shl", "shr_s", "shr_u"),
  "i64.gt_u": 0x56,
  ...from("i64", 0x84, "or", "xor", "shl", "shr_s", "shr_u"),
  ...from("f32", 0x5b, "eq", "ne", "lt", "gt", "le", "ge"),
  ...from("f64", 0x61, "eq", "ne", "lt", "gt", "le", "ge"),
  "f32.add": 0x92,
  "f64.add": 0xa0,
  "f64.mul": 0xa2,
  "f32.demote_f64": 0xb6,
  ...from("f64", 0xb7, "convert_i32_s", "convert_i32_u"),
  "f64.promote_f32": 0xbb,
  "i32.reinterpret_f32": 0xbc,
  "i64.reinterpret_f64": 0xbd,
  ...from("i32", bulk(2), "trunc_sat_f64_s", "trunc_sat_f64_u"),

  "i32x4.splat": simd(17),
  "f32x4.splat": simd(19),
  "f64x2.splat": simd(20),
  ...from("v128", simd(77), "not", "and", "andnot", "or", "xor", "bitselect", "any_true"),

  ...floats("f32x4", 65, 224),
  ...from("f32x4", simd(103), "ceil", "floor", "trunc", "nearest"),
  ...from("f32x4", simd(250), "convert_i32x4_s", "convert_i32x4_u"),
  "f32x4.demote_f64x2_zero": simd(94),
  "f32x4.relaxed_madd": simd(0x105),
  ...floats("f64x2", 71, 236),
  ...from("f64x2", simd(116), "ceil", "floor"),
  "f64x2.trunc": simd(122),
  "f64x2.nearest": simd(148),
  ...from("f64x2", simd(254), "convert_low_i32x4_s", "convert_low_i32x4_u"),
  "f64x2.promote_low_f32x4": simd(95),
  "f64x2.relaxed_madd": simd(0x107),

  "i8x16.swizzle": simd(14),
  "i8x16.add": simd(110),
  "i8x16.sub": simd(113),
  "i16x8.extend_low_i8x16_u": simd(137),
  "i32x4.extend_low_i16x8_u": simd(169),
  ...from("i32x4", simd(55), "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u"),
  ...from("i32x4", simd(61), "le_s", "le_u", "ge_s", "ge_u"),
  ...from("i32x4", simd(160), "abs", "neg"),
  ...from("i32x4", simd(171), "shl", "shr_s", "shr_u", "add"),
  "i32x4.sub": simd(177),
  ...from("i32x4", simd(181), "mul", "min_s", "min_u", "max_s", "max_u"),
  ...from("i32x4", simd(248), "trunc_sat_f32x4_s", "trunc_sat_f32x4_u"),
  ...from("i32x4", simd(252), "trunc_sat_f64x2_s_zero", "trunc_sat_f64x2_u_zero"),
  ...from("i64x2", simd(203), "shl", "shr_s", "shr_u", "add"),
  "i64x2.sub": simd(209),
  ...from("i64x2", simd(213), "mul", "eq"),
  ...from("i64x2", simd(222), "extmul_low_i32x4_u", "extmul_high_i32x4_u"),
} as const;

/** Instructions with a memory operand: number, and the natural alignment as a power of two. */
export const memory = {
  "i32.load": [0x28, 2],
  "i64.load": [0x29, 3],
  "f32.load": [0x2a, 2],
  "f64.load": [0x2b, 3],
  "i32.load8_u": [0x2d, 0],
  "i32.load16_u": [0x2f, 1],
  "i32.store": [0x36, 2],
  "i64.store": [0x37, 3],
  "f32.store": [0x38, 2],
  "f64.store": [0x39, 3],
  "i32.store8": [0x3a, 0],
  "i32.store16": [0x3b, 1],
  "v128.load": [simd(0), 4],
  "v128.load16_splat": [simd(8), 1],
  "v128.load32_splat": [simd(9), 2],
  "v128.load64_splat": [simd(10), 3],
  "v128.load32_zero": [simd(92), 2],
  "v128.load64_zero": [simd(93), 3],
  "v128.store": [simd(11), 4],
  "memory.atomic.notify": [atomic(0x00), 2],
  "memory.atomic.wait32": [atomic(0x01), 2],
  "i32.atomic.load": [atomic(0x10), 2],
  "i32.atomic.store": [atomic(0x17), 2],
  "i32.atomic.rmw.add": [atomic(0x1e), 2],
} as const;

/** Instructions on one lane of a vector. */
export const lane = {
  "i32x4.extract_lane": simd(27),
  "i32x4.replace_lane": simd(28),
  "f32x4.extract_lane": simd(31),
  "f32x4.replace_lane": simd(32),
  "f64x2.extract_lane": simd(33),
  "f64x2.replace_lane": simd(34),
} as const;

/** Lane instructions with a memory operand. */
export const memoryLane = {
  "v128.load32_lane": [simd(86), 2],
  "v128.load64_lane": [simd(87), 3],
  "v128.store8_lane": [simd(88), 0],
  "v128.store32_lane": [simd(90), 2],
  "v128.store64_lane": [simd(91), 3],
} as const;

export const shuffle = simd(13);
export const v128Const = simd(12);
export const memoryCopy = bulk(10);
export const memoryFill = bulk(11);

export type Plain = keyof typeof plain;
export type MemoryOp = keyof typeof memory;
export type LaneOp = keyof typeof lane;
export type MemoryLaneOp = keyof typeof memoryLane;
