/** The random data of the training and inference cases, its shuffled batches, and the networks' sizes. */

/** `count` random numbers in [0, 1). */
export const randomFloats = (count) => Float32Array.from({ length: count }, Math.random);

/** `count` random classes out of ten. */
export const randomClasses = (count) =>
  Int32Array.from({ length: count }, () => Math.floor(Math.random() * 10));

/** Row numbers of batch after batch, for ever: every epoch in an order of its own. */
export function* batches(rows, batch) {
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  for (;;) {
    for (let i = rows - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    for (let i = 0; i + batch <= rows; i += batch) yield order.slice(i, i + batch);
  }
}

/** How much data the training cases have: rows of 784 numbers, as many as MNIST. */
export const rows = 60_000;

/** Units of each layer of the dense networks. */
export const widths = { m1: [784, 128, 10], m2: [784, 512, 256, 10] };
