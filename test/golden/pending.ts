/** Golden values that wait for their operations. Each name goes when the operation comes. */

export const pendingPrimitives: readonly string[] = [
  "lu",
  "cholesky",
  "qr",
  "eigh",
  "svd",
  "triangularSolve",
];

export const pendingComposites: readonly string[] = [];
