/** What to divide by where a column is constant, or constant but for rounding: 1. */
export const unlessZero = (scale: number): number => (scale < 10 * Number.EPSILON ? 1 : scale);
