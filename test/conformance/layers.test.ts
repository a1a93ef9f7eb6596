import { allClose, checkGradients, compile, concat, random, type Tensor } from "inkgrad";
import { type Context, type Layer, model, type Variables } from "inkgrad/nn";
import { inference } from "@src/nn/layer.js";
import { mapVariables } from "@src/nn/optimizers/trees.js";
import { layerOf } from "@src/nn/saving/layers.js";
import { describe, expect, test } from "vitest";
import { make, names, type Sample, samples } from "./layer-samples.js";

/** Every layer, by its samples: what must hold whatever it computes. */

const key = random.key(7);
const batchSize = 3;

/** A batch of n examples; the first ones are the same for every n. */
const batch = ({ input, ids }: Sample, n: number): Tensor => {
  const examples = Array.from({ length: n }, (_, i) => random.foldIn(random.key(1), i));
  const rows = examples.map((own) =>
    ids === undefined
      ? random.normal(own, [1, ...input])
      : random.integers(own, [1, ...input], { max: ids }),
  );
  return concat(rows, 0);
};

interface Made {
  readonly layer: Layer;
  readonly params: Variables;
  readonly state: Variables;
}

/** A layer with parameters that are nowhere 0 or 1. */
function begun(sample: Sample): Made {
  const layer = make(sample, random);
  const params = layer.init?.(key, [...sample.input]) ?? {};
  const state = layer.initState?.([...sample.input]) ?? {};
  let count = 0;
  const moved = (x: Tensor): Tensor =>
    x.add(random.uniform(random.key(count++), x.shape, { min: 0.1, max: 0.4 }));
  return { layer, params: mapVariables(moved, params), state: mapVariables(moved, state) };
}

const trainingWith = (state: Variables, own = key): Context => ({
  ...inference,
  training: true,
  key: own,
  state,
});
const using = (state: Variables): Context => ({ ...inference, state });
const f64 = (tree: Variables): Variables => mapVariables((x) => x.cast("f64"), tree);
const same = (a: Tensor, b: Tensor): void => expect(a.toArray()).toEqual(b.toArray());
const close = (a: Tensor, b: Tensor): void =>
  expect(allClose(a, b, { rtol: 1e-5, atol: 1e-6 }), `${String(a)} and ${String(b)}`).toBe(true);

test("every function that makes a layer has a sample, and every sample is of one", () => {
  expect([...new Set(samples.map(({ of }) => of))].sort()).toEqual([...names].sort());
});

describe.each(samples.map((sample) => [sample.source, sample] as const))("%s", (_, sample) => {
  test("gives the shape that its summary says, for one example and for several", () => {
    const { layer, params, state } = begun(sample);
    for (const n of [1, batchSize]) {
      const y = layer.apply(params, batch(sample, n), using(state));
      expect(y.shape).toEqual([n, ...sample.output]);
    }
    const { output, trainable, kept } = model(layer).summary([...sample.input]);
    expect(output).toEqual(sample.output);
    const count = (tree: Variables): number => {
      let n = 0;
      mapVariables((x) => ((n += x.size), x), tree);
      return n;
    };
    expect([trainable, kept]).toEqual([count(params), count(state)]);
  });

  test("has the gradients that differences have, in parameters and input", () => {
    const { layer, params, state } = begun(sample);
    const x = batch(sample, batchSize);
    const wide = f64(state);
    const both = sample.training === undefined ? [using(wide)] : [trainingWith(wide), using(wide)];
    for (const context of both) {
      if (sample.ids === undefined)
        checkGradients((p: Variables, x: Tensor) => layer.apply(p, x, context), [params, x]);
      else checkGradients((p: Variables) => layer.apply(p, x, context), [params]);
    }
  });

  test("gives the same compiled as at once, and keeps the same", () => {
    const { layer, params, state } = begun(sample);
    const x = batch(sample, batchSize);
    const run = (params: Variables, state: Variables, x: Tensor) => {
      let kept = state;
      const keep = (next: Variables): void => void (kept = next);
      const y = layer.apply(params, x, { ...trainingWith(state), keep });
      return { y, kept, used: layer.apply(params, x, using(state)) };
    };
    const [now, program] = [run(params, state, x), compile(run)(params, state, x)];
    close(now.y, program.y);
    close(now.used, program.used);
    mapVariables((a, b) => (close(a, b), a), now.kept, program.kept);
    const moves = JSON.stringify(now.kept) !== JSON.stringify(state);
    expect(moves).toBe(sample.training === "statistics");
  });

  test("treats each example by itself when it is used", () => {
    const { layer, params, state } = begun(sample);
    const all = layer.apply(params, batch(sample, batchSize), using(state));
    const first = layer.apply(params, batch(sample, 1), using(state));
    close(all.slice([[0, 1]]), first);
  });

  test("takes a batch of one while training, with finite results and gradients", () => {
    const { layer, params, state } = begun(sample);
    const y = layer.apply(params, batch(sample, 1), trainingWith(state));
    expect(y.shape).toEqual([1, ...sample.output]);
    expect(y.sum().isFinite().item()).toBe(true);
  });

  test("depends on the key only if it is random, and then on nothing else", () => {
    const { layer, params, state } = begun(sample);
    const x = batch(sample, batchSize);
    const run = (own: typeof key): Tensor => layer.apply(params, x, trainingWith(state, own));
    same(run(random.key(3)), run(random.key(3)));
    const differs = !allClose(run(random.key(3)), run(random.key(4)));
    expect(differs).toBe(sample.training === "random");
    const used = layer.apply(params, x, using(state));
    same(used, layer.apply(params, x, using(state)));
    expect(allClose(used, run(key))).toBe(sample.training === undefined);
  });

  test("can be made again from what it says of itself", () => {
    const { layer, params, state } = begun(sample);
    if (sample.of === "lambda") {
      expect(layer.options).toBeNull();
      expect(() => layerOf(layer.kind, layer.options)).toThrow('there is no layer "lambda"');
      return;
    }
    const written = JSON.parse(JSON.stringify(layer.options)) as typeof layer.options;
    const again = layerOf(layer.kind, written);
    expect(again.kind).toBe(layer.kind);
    expect(again.name).toBe(layer.name);
    expect(JSON.stringify(again.options)).toBe(JSON.stringify(written));
    const x = batch(sample, batchSize);
    same(again.apply(params, x, using(state)), layer.apply(params, x, using(state)));
    const first = (layer: Layer): string => JSON.stringify(layer.init?.(key, [...sample.input]));
    expect(first(again)).toBe(first(layer));
    if (sample.of === "augment") return; // its function is not written down
    same(again.apply(params, x, trainingWith(state)), layer.apply(params, x, trainingWith(state)));
  });
});
