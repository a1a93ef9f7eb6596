import { orderOf } from "../../../data/order.js";
import { foldIn, key } from "../../../tensor/random/key.js";
import { softThreshold } from "./kkt.js";
import { runOf } from "./run.js";
import type { Solver } from "./solver.js";

/**
 * A row at a time, in random order, with the last derivative of every row kept, so that steps need not become
 * shorter. An iteration is a pass over all rows. For many rows, with an L1 penalty or without.
 *
 * @source Defazio, Bach & Lacoste-Julien, SAGA, 2014
 */
export const saga: Solver = (objective, start, options) => {
  const run = runOf(objective, options);
  const { parts, size } = objective;
  const { count, outputs, l2 } = parts!;
  const l1 = objective.l1 ?? new Float64Array(size);
  const x = start.slice();
  const kept = new Float64Array(count * outputs);
  const mean = new Float64Array(size);
  for (let row = 0; row < count; row++) {
    parts!.residual(x, row, kept, row * outputs);
    parts!.spread(row, kept, row * outputs, 1 / count, mean);
  }
  let most = 0;
  for (let row = 0; row < count; row++) most = Math.max(most, parts!.curvature(row));
  const penalty = l2.reduce((a, b) => Math.max(a, b), 0);
  const rate = 1 / (2 * (most + penalty) + Math.min(2 * count * penalty, most + penalty));
  const now = new Float64Array(outputs);
  const change = new Float64Array(size);
  const random = key(options.seed);
  for (let epoch = 0; ; epoch++) {
    const here = run.look(x.slice());
    const ended = run.record(here);
    if (ended !== null) return ended;
    for (const row of orderOf(foldIn(random, epoch), count)) {
      const at = row * outputs;
      parts!.residual(x, row, now, 0);
      for (let k = 0; k < outputs; k++) {
        const fresh = now[k];
        now[k] -= kept[at + k];
        kept[at + k] = fresh;
      }
      change.set(mean);
      parts!.spread(row, now, 0, 1, change);
      parts!.spread(row, now, 0, 1 / count, mean);
      for (let i = 0; i < size; i++) {
        const moved = x[i] - rate * (change[i] + l2[i] * x[i]);
        x[i] = l1[i] === 0 ? moved : softThreshold(moved, rate * l1[i]);
      }
    }
  }
};
