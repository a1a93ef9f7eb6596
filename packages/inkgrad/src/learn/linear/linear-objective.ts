import type { Design, Seen, Weights } from "./design/design.js";
import type { Objective } from "./objective.js";

/** How coefficients are kept small: λ((1 − ratio) ½‖w‖² + ratio ‖w‖₁), beside a mean of losses. */
export interface Penalty {
  readonly strength: number;
  /** The share of the absolute values. */
  readonly ratio: number;
}

export interface LinearProblem {
  readonly design: Design;
  readonly seen: Seen;
  readonly penalty: Penalty;
  readonly intercept: boolean;
  /** Columns whose coefficients stay 0. */
  readonly frozen: readonly number[];
}

/** Parameters: W [features, outputs] row by row, then b [outputs] if there are intercepts. */
export function weightsIn(x: Float64Array, columns: number, outputs: number): Weights {
  const split = columns * outputs;
  const b = x.length > split ? x.subarray(split) : new Float64Array(outputs);
  return { W: x.subarray(0, split), b };
}

/** The sum of how much rows count. */
export const totalOf = ({ weights }: Seen, rows: number): number =>
  weights === null ? rows : weights.reduce((sum, weight) => sum + weight, 0);

/**
 * J(w, b) = 1/m Σ sᵢ lossᵢ + λ penalty(w), where m = Σ sᵢ. Intercepts are not penalised. With λ = 1 / (C m) this
 * is scikit-learn's objective divided by C m, and the same minimum.
 */
export function linearObjective(problem: LinearProblem): Objective {
  const { design, seen, penalty, intercept, frozen } = problem;
  const { rows, columns } = design;
  const { loss, outputs, targets, weights } = seen;
  const split = columns * outputs;
  const size = split + (intercept ? outputs : 0);
  const scale = 1 / totalOf(seen, rows);
  const l2 = new Float64Array(size).fill(penalty.strength * (1 - penalty.ratio), 0, split);
  const strength1 = penalty.strength * penalty.ratio;
  const sumOf = design.lossOf(seen);
  const most = { binomial: 0.25, multinomial: 0.5, squared: 1 }[loss.name];

  const thaw = (x: Float64Array): void => {
    for (const j of frozen) x.fill(0, j * outputs, (j + 1) * outputs);
  };

  return {
    size,
    unit: design.unit,
    dtype: design.dtype,
    l1: strength1 === 0 ? null : new Float64Array(size).fill(strength1, 0, split),
    look(x) {
      const sums = sumOf(weightsIn(x, columns, outputs));
      const gradient = new Float64Array(size);
      let value = sums.value * scale;
      for (let i = 0; i < split; i++) {
        gradient[i] = sums.W[i] * scale + l2[i] * x[i];
        value += 0.5 * l2[i] * x[i] * x[i];
      }
      for (let i = split; i < size; i++) gradient[i] = sums.b[i - split] * scale;
      thaw(gradient);
      return { value, gradient };
    },
    hessian(x, stride = 1) {
      const part = stride === 1 ? design : design.every(stride);
      const z = part.margins(weightsIn(x, columns, outputs));
      const all = new Float64Array(size * size);
      const d = new Float64Array(part.rows);
      const share = (scale * rows) / part.rows;
      // Place of feature j (the last: the intercept) and output k among the parameters.
      const inputs = columns + (intercept ? 1 : 0);
      for (let k = 0; k < outputs; k++)
        for (let l = 0; l <= k; l++) {
          for (let row = 0; row < part.rows; row++)
            d[row] =
              (weights === null ? share : share * weights[row * stride]) *
              loss.curvature(z, row * outputs, outputs, k, l);
          const gram = part.gram(d);
          for (let i = 0; i < inputs; i++)
            for (let j = 0; j < inputs; j++) {
              const value = gram[i * (columns + 1) + j];
              all[(i * outputs + k) * size + j * outputs + l] = value;
              all[(j * outputs + l) * size + i * outputs + k] = value;
            }
        }
      for (let i = 0; i < size; i++) all[i * size + i] += l2[i];
      for (const j of frozen)
        for (let i = j * outputs; i < (j + 1) * outputs; i++) {
          for (let other = 0; other < size; other++)
            all[i * size + other] = all[other * size + i] = 0;
          all[i * size + i] = 1;
        }
      return all;
    },
    parts: {
      count: rows,
      outputs,
      l2,
      residual(x, row, out, at) {
        design.marginsOfRow(row, weightsIn(x, columns, outputs), out, at);
        const value = loss.row(out, at, outputs, targets[row]);
        if (weights === null) return value;
        const factor = weights[row] * scale * rows;
        for (let k = at; k < at + outputs; k++) out[k] *= factor;
        return value * factor;
      },
      spread(row, residual, at, factor, to) {
        design.addRow(row, residual, at, factor, to.subarray(0, split));
        if (intercept) for (let k = 0; k < outputs; k++) to[split + k] += factor * residual[at + k];
        thaw(to);
      },
      curvature: (row) =>
        most *
        (weights === null ? 1 : weights[row] * scale * rows) *
        (design.squaredLength(row) + (intercept ? 1 : 0)),
    },
  };
}
