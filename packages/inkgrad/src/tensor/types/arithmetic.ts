/**
 * Whole-number arithmetic on types. Numbers are taken apart into digits, least significant first
 * ("784" is "487"), so that no tuple is longer than 99: products of a million cost nothing, where
 * counting tuples would fail. `number` stands for an unknown size and makes the result `number`.
 *
 * In the names: R is a number as reversed digits, a trailing plain digit string is in reading
 * order.
 */

interface Unary {
  "0": [];
  "1": [0];
  "2": [0, 0];
  "3": [0, 0, 0];
  "4": [0, 0, 0, 0];
  "5": [0, 0, 0, 0, 0];
  "6": [0, 0, 0, 0, 0, 0];
  "7": [0, 0, 0, 0, 0, 0, 0];
  "8": [0, 0, 0, 0, 0, 0, 0, 0];
  "9": [0, 0, 0, 0, 0, 0, 0, 0, 0];
}
type Digit = keyof Unary;
type Ten = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

type Reverse<S extends string, Out extends string = ""> = S extends `${infer H}${infer R}`
  ? Reverse<R, `${H}${Out}`>
  : Out;

/** Digits in reading order to a number; leading zeros are dropped. */
type ToNumber<S extends string> = S extends `0${infer R}`
  ? R extends ""
    ? 0
    : ToNumber<R>
  : S extends `${infer N extends number}`
    ? N
    : never;

/** A whole number ≥ 0 that is written with digits only (no sign, fraction or exponent). */
export type IsWhole<N extends number> = number extends N
  ? true
  : `${N}` extends `${string}${"." | "e" | "-"}${string}`
    ? false
    : true;

// ---- addition

type AddDigit<
  A extends Digit,
  B extends Digit,
  Carry extends Digit,
> = `${[...Unary[A], ...Unary[B], ...Unary[Carry]]["length"] & number}`;

/** Digits in reading order. */
type AddR<
  A extends string,
  B extends string,
  Carry extends Digit = "0",
  Out extends string = "",
> = A extends `${infer X extends Digit}${infer AR}`
  ? B extends `${infer Y extends Digit}${infer BR}`
    ? AddStep<AddDigit<X, Y, Carry>, AR, BR, Out>
    : Carry extends "0"
      ? `${Reverse<A>}${Out}`
      : AddStep<AddDigit<X, Carry, "0">, AR, "", Out>
  : B extends `${infer Y extends Digit}${infer BR}`
    ? Carry extends "0"
      ? `${Reverse<B>}${Out}`
      : AddStep<AddDigit<Carry, Y, "0">, "", BR, Out>
    : Carry extends "0"
      ? Out
      : `1${Out}`;

type AddStep<
  Value extends string,
  A extends string,
  B extends string,
  Out extends string,
> = Value extends `1${infer D extends Digit}`
  ? AddR<A, B, "1", `${D}${Out}`>
  : AddR<A, B, "0", `${Value}${Out}`>;

// ---- subtraction

/** A − B in reading order with leading zeros, or "-" when negative. */
type SubR<
  A extends string,
  B extends string,
  Borrow extends Digit = "0",
  Out extends string = "",
> = A extends `${infer X extends Digit}${infer AR}`
  ? B extends `${infer Y extends Digit}${infer BR}`
    ? SubStep<X, Y, Borrow, AR, BR, Out>
    : Borrow extends "0"
      ? `${Reverse<A>}${Out}`
      : SubStep<X, "0", Borrow, AR, "", Out>
  : DropZeros<B> extends ""
    ? Borrow extends "0"
      ? Out
      : "-"
    : "-";

type DropZeros<B extends string> = B extends `0${infer R}` ? DropZeros<R> : B;

type SubStep<
  X extends Digit,
  Y extends Digit,
  Borrow extends Digit,
  A extends string,
  B extends string,
  Out extends string,
> = Unary[X] extends [...Unary[Y], ...Unary[Borrow], ...infer R]
  ? SubR<A, B, "0", `${R["length"] & number}${Out}`>
  : [...Ten, ...Unary[X]] extends [...Unary[Y], ...Unary[Borrow], ...infer R]
    ? SubR<A, B, "1", `${R["length"] & number}${Out}`>
    : never;

// ---- multiplication

interface Times<A extends 0[]> {
  "0": [];
  "1": A;
  "2": [...A, ...A];
  "3": [...A, ...A, ...A];
  "4": [...A, ...A, ...A, ...A];
  "5": [...A, ...A, ...A, ...A, ...A];
  "6": [...A, ...A, ...A, ...A, ...A, ...A];
  "7": [...A, ...A, ...A, ...A, ...A, ...A, ...A];
  "8": [...A, ...A, ...A, ...A, ...A, ...A, ...A, ...A];
  "9": [...A, ...A, ...A, ...A, ...A, ...A, ...A, ...A, ...A];
}
type MulDigit<
  A extends Digit,
  B extends Digit,
  Carry extends Digit,
> = `${[...Times<Unary[A]>[B], ...Unary[Carry]]["length"] & number}`;

/** A times one digit, reversed. */
type MulRow<
  A extends string,
  B extends Digit,
  Carry extends Digit = "0",
  Out extends string = "",
> = A extends `${infer X extends Digit}${infer R}`
  ? MulDigit<X, B, Carry> extends `${infer Tens extends Digit}${infer Ones extends Digit}`
    ? MulRow<R, B, Tens, `${Out}${Ones}`>
    : MulRow<R, B, "0", `${Out}${MulDigit<X, B, Carry>}`>
  : Carry extends "0"
    ? Out
    : `${Out}${Carry}`;

/** Digits in reading order: the rows of long multiplication, added up. */
type MulR<
  A extends string,
  B extends string,
  Shift extends string = "",
  Sum extends string = "",
> = B extends `${infer Y extends Digit}${infer R}`
  ? MulR<A, R, `${Shift}0`, Reverse<AddR<Sum, `${Shift}${MulRow<A, Y>}`>>>
  : Reverse<Sum>;

// ---- division

/** Long division of N (reading order): quotient and remainder in reading order. */
type DivR<
  N extends string,
  D extends string,
  Rest extends string = "",
  Quotient extends string = "",
> = N extends `${infer H}${infer R}`
  ? DivStep<R, D, `${H}${Rest}`, Quotient>
  : [Quotient, Reverse<Rest>];

type DivStep<
  N extends string,
  D extends string,
  Rest extends string,
  Quotient extends string,
  Count extends 0[] = [],
> =
  SubR<Rest, D> extends infer X extends string
    ? X extends "-"
      ? DivR<N, D, Rest, `${Quotient}${Count["length"]}`>
      : DivStep<N, D, Reverse<X>, Quotient, [...Count, 0]>
    : never;

// ---- what the rules use

export type Add<A extends number, B extends number> = number extends A | B
  ? number
  : A extends 0
    ? B
    : B extends 0
      ? A
      : ToNumber<AddR<Reverse<`${A}`>, Reverse<`${B}`>>>;

/** A − B, or never when negative. */
export type Sub<A extends number, B extends number> = number extends A
  ? number
  : number extends B
    ? number
    : B extends 0
      ? A
      : SubR<Reverse<`${A}`>, Reverse<`${B}`>> extends infer X extends string
        ? X extends "-"
          ? never
          : ToNumber<X>
        : never;

export type Mul<A extends number, B extends number> = number extends A
  ? number
  : number extends B
    ? number
    : A extends 1
      ? B
      : B extends 1
        ? A
        : ToNumber<MulR<Reverse<`${A}`>, Reverse<`${B}`>>>;

/** [quotient, remainder]; [number, number] for a division by zero, which the run time refuses. */
export type DivMod<A extends number, B extends number> = number extends A | B
  ? [number, number]
  : B extends 0
    ? [number, number]
    : DivR<`${A}`, Reverse<`${B}`>> extends [infer Q extends string, infer R extends string]
      ? [ToNumber<Q>, ToNumber<R>]
      : never;

/** A / B without the fraction. */
export type Div<A extends number, B extends number> = B extends 1 ? A : DivMod<A, B>[0];

/** A / B rounded up: how many steps of B it takes to pass A elements. */
export type DivUp<A extends number, B extends number> = number extends A | B
  ? number
  : B extends 1
    ? A
    : DivMod<A, B> extends [infer Q extends number, infer R]
      ? R extends 0
        ? Q
        : Add<Q, 1>
      : never;
