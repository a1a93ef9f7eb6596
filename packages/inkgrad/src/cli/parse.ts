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

/** A number above a bound, and below another. */
export const number =
  ({ above, below = Infinity }: { readonly above: number; readonly below?: number }) =>
  (text: string): number => {
    const x = Number(text);
    if (/^\s*$/.test(text) || !Number.isFinite(x) || x <= above || x >= below)
      throw new InvalidArgumentError(
        `It must be a number above ${above}${below === Infinity ? "" : ` and below ${below}`}.`,
      );
    return x;
  };
