import { foldIn } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import { compile } from "../../tensor/transforms/compile.js";
import type { Observed, Variables } from "../layer.js";
import { mapVariables } from "../optimizers/trees.js";
import { entriesOf } from "../saving/variables.js";
import { type Examples, pick } from "./examples.js";
import { warningsOf } from "./health-warnings.js";
import { type Carry, gather, type Learning, meanGradients, remembered, slopeOf } from "./step.js";

/** How well gradients flow at a step, before it is made. */
export interface Health {
  readonly epoch: number;
  readonly batch: number;
  readonly step: number;
  /** Euclidean norm of all gradients together. */
  readonly gradient: number;
  readonly layers: readonly LayerHealth[];
  readonly activations: readonly ActivationHealth[];
  /** What looks wrong, and what to try. */
  readonly warnings: readonly string[];
}

export interface LayerHealth {
  /** Its place in the parameters: "dense_1". */
  readonly layer: string;
  /** How many parameters it has. */
  readonly size: number;
  /** Euclidean norm of its gradients. */
  readonly gradient: number;
  /** Euclidean norm of its parameters. */
  readonly parameters: number;
  /** Norm of what the step changes, over that of the parameters: about 0.001 is usual. */
  readonly update: number;
}

export interface ActivationHealth {
  readonly layer: string;
  /** "relu". */
  readonly kind: string;
  /** Share of the units that give 0 for every example of the batch (of relu). */
  readonly dead?: number;
  /** Share of the numbers where the curve is all but flat (of sigmoid and tanh). */
  readonly saturated?: number;
}

/** Where a batch is. */
export type Place = Pick<Health, "epoch" | "batch" | "step">;

/** A program that makes a step for its figures only: nothing is given up, nothing changes. */
export const healthStep = remembered((learning: Learning, classWeights?: readonly number[]) => {
  let activations: readonly Omit<Observed, "output">[] = [];
  const step = (carry: Carry, data: Examples, rows: Tensor | null, key: Key, rate: Tensor) => {
    const batch = pick(data, rows);
    const options = { classWeights, observing: true };
    const slope = slopeOf(learning, carry, batch, foldIn(key, carry.step), options);
    const gradients = meanGradients(gather(carry.gathered, slope), slope);
    const { params, optimizer } = carry;
    const next = learning.optimizer.update(optimizer, gradients, params, { learningRate: rate });
    const change = mapVariables((after, before) => after.sub(before), next.params, params);
    activations = slope.observed.map(({ path, kind }) => ({ path, kind }));
    return {
      gradients: squares(gradients),
      parameters: squares(params),
      changes: squares(change),
      shares: slope.observed.map(shareOf),
    };
  };
  const run = compile(step, { name: "gradient health", deterministic: learning.deterministic });
  return (place: Place, ...args: Parameters<typeof step>): Health => {
    const found = run(...args);
    const layers = layersOf(args[0].params, found.gradients, found.parameters, found.changes);
    const shares = found.shares.map((x, i): ActivationHealth => {
      const { path, kind } = activations[i];
      return { layer: path.join("."), kind, [figures[kind] ?? "dead"]: x.item() as number };
    });
    const report = {
      ...place,
      gradient: norm(layers.map(({ gradient }) => gradient ** 2)),
      layers,
      activations: shares.filter(({ kind }) => kind in figures),
    };
    return { ...report, warnings: warningsOf(report) };
  };
});

/** In f64: squares of large gradients have no place in f32. */
const squares = (tree: Variables): Variables =>
  mapVariables((x) => x.cast("f64").square().sum(), tree);

const figures: { readonly [kind: string]: "dead" | "saturated" } = {
  relu: "dead",
  sigmoid: "saturated",
  tanh: "saturated",
};

/** Within this of its bounds, a curve from 0 to 1 has less than a twelfth of its greatest slope. */
const margin = 0.02;

function shareOf({ kind, output }: Observed): Tensor {
  const share = (flags: Tensor): Tensor => flags.cast("f32").mean();
  if (kind === "relu") {
    const others = output.shape.slice(0, -1).map((_, axis) => axis);
    return share(output.max(others).lessEqual(0));
  }
  if (kind === "tanh") return share(output.abs().greater(1 - 2 * margin));
  return share(
    output
      .sub(0.5)
      .abs()
      .greater(0.5 - margin),
  );
}

function layersOf(params: Variables, ...sums: Variables[]): LayerHealth[] {
  const places = entriesOf(params);
  const values = sums.map((tree) => entriesOf(tree).map(({ tensor }) => tensor.item() as number));
  const groups = new Map<string, number[]>();
  places.forEach(({ path }, i) => {
    const layer = path.slice(0, -1).join(".");
    groups.set(layer, [...(groups.get(layer) ?? []), i]);
  });
  return [...groups].map(([layer, members]) => {
    const [gradient, parameters, change] = values.map((all) => norm(members.map((i) => all[i])));
    const size = members.reduce((sum, i) => sum + places[i].tensor.size, 0);
    return {
      layer,
      size,
      gradient,
      parameters,
      update: change === 0 ? 0 : change / parameters,
    };
  });
}

const norm = (squares: readonly number[]): number =>
  Math.sqrt(squares.reduce((sum, x) => sum + x, 0));
