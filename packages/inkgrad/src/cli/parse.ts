import { InvalidArgumentError } from "commander";

/** Numbers on the command line. */

/** A whole number of at least `least`. */
export const whole =
  (least: number) =>
  (text: string): number => {
    const n = Number(text);
    if (/^\s*$/.test(text) || !Number.isSafeInteger(n) || n < least)
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    return n;
  };

/** A number above a bound. */
export const number =
  ({ above }: { readonly above: number }) =>
  (text: string): number => {
    const x = Number(text);
    if (/^\s*$/.test(text) || !Number.isFinite(x) || x <= above)
      throw new InvalidArgumentError(`It must be a number above ${above}.`);
    return x;
  };
