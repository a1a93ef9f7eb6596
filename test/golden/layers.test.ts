import { Tensor, vjp } from "inkgrad";
import type { Context, Variables } from "inkgrad/nn";
import { inference } from "@src/nn/layer.js";
import { layerOf } from "@src/nn/saving/layers.js";
import { expect, test } from "vitest";
import { type Golden, type GoldenTensor, isGoldenTensor, readGolden } from "./cases.js";
import { inputNode } from "./evaluate.js";

/** Layers against torch.nn's, in f64: what they give, their gradients, and what they keep. */

interface Kept {
  readonly [name: string]: GoldenTensor;
}
interface LayerCase {
  readonly layer: { readonly kind: string; readonly options: Record<string, never> };
  readonly params: Kept;
  readonly x: GoldenTensor;
  readonly out: GoldenTensor;
  readonly cotangent: GoldenTensor;
  readonly gradients: { readonly params: Kept; readonly x: GoldenTensor | null };
  readonly training?: boolean;
  readonly state?: Kept;
  readonly kept?: Kept;
  readonly steps?: readonly {
    readonly x: GoldenTensor;
    readonly out: GoldenTensor;
    readonly kept: Kept;
  }[];
}

const cases = readGolden("layers.json").cases as LayerCase[];

const read = (one: GoldenTensor): Tensor => new Tensor(inputNode(one));
const readAll = (all: Kept = {}): Variables =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, read(one)]));

/** Sums of some dozens of products in f64. */
const tolerance = 1e-13;
function requireSame(got: Variables, want: Golden, what: string): void {
  if (!isGoldenTensor(want)) {
    const parts = want as Kept;
    expect(Object.keys(got).sort(), what).toEqual(Object.keys(parts).sort());
    for (const name of Object.keys(parts))
      requireSame((got as Record<string, Tensor>)[name], parts[name], `${what}.${name}`);
    return;
  }
  const { shape, dtype } = got as Tensor;
  expect([shape, dtype], what).toEqual([want.shape, "f64"]);
  const values = (got as Tensor).reshape([-1]).toArray() as number[];
  const largest = Math.max(1, ...want.data.map(Math.abs));
  values.forEach((value, i) =>
    expect(Math.abs(value - want.data[i]), `${what}[${i}]`).toBeLessThan(tolerance * largest),
  );
}

test.each(
  cases.map((one, i) => [`${i}: ${one.layer.kind} ${JSON.stringify(one.layer.options)}`, one]),
)("%s agrees with PyTorch", (_, one) => {
  const { kind, options } = one.layer;
  const layer = layerOf(kind, options);
  const { params, x, out, cotangent, gradients, training, state, kept, steps } = one;
  let now = readAll(state);
  const context = (training: boolean): Context => ({
    ...inference,
    training,
    state: now,
    keep: (next) => {
      now = next;
    },
  });
  for (const step of steps ?? []) {
    requireSame(layer.apply(readAll(params), read(step.x), context(true)), step.out, "out");
    requireSame(now, step.kept, "kept");
  }
  const run = (p: Variables, x: Tensor): Tensor => layer.apply(p, x, context(training ?? false));
  const batch = read(x);
  requireSame(run(readAll(params), batch), out, "out");
  if (kept !== undefined) requireSame(now, kept, "kept");
  if (training === true) now = readAll(state);

  const backwards = (f: (...args: never[]) => Tensor, ...args: unknown[]): unknown[] =>
    (vjp as unknown as (...all: unknown[]) => [Tensor, (d: Tensor) => unknown[]])(f, ...args)[1](
      read(cotangent),
    );
  if (gradients.x === null) {
    const [p] = backwards((p: Variables) => run(p, batch), readAll(params));
    requireSame(p as Variables, gradients.params, "gradient");
  } else if (Object.keys(params).length === 0) {
    const [dx] = backwards((x: Tensor) => run({}, x), batch);
    requireSame(dx as Tensor, gradients.x, "gradient of x");
  } else {
    const [p, dx] = backwards(run, readAll(params), batch);
    requireSame(p as Variables, gradients.params, "gradient");
    requireSame(dx as Tensor, gradients.x, "gradient of x");
  }
});

test("the running statistics of several steps are among the cases", () => {
  expect(cases.filter(({ steps }) => (steps?.length ?? 0) >= 4)).toHaveLength(2);
});
