import { describe, expect, it } from "vitest";
import { random, tensor, type Tensor } from "inkgrad";
import {
  batchNorm,
  dense,
  dropout,
  input,
  lambda,
  type Layer,
  optimizers,
  schedules,
  sequential,
  type Trained,
} from "inkgrad/nn";

/** Running statistics taken anew after training. */

const [rows, columns] = [300, 4];
const x = random.normal(random.key(1), [rows, columns]).mul(3).add(5) as Tensor;
const y = x.sum(1, { keepDims: true }) as Tensor;
const data = { x, y };

const moments = (values: ArrayLike<number>, channels: number) => {
  const count = values.length / channels;
  return Array.from({ length: channels }, (_, c) => {
    const own = Array.from({ length: count }, (_, i) => values[i * channels + c]);
    const mean = own.reduce((sum, v) => sum + v / count, 0);
    const squares = own.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    return { mean, variance: squares / (count - 1) };
  });
};

const kept = async (trained: Trained, name = "batchNorm") => {
  const { mean, variance } = (trained.state as Record<string, Record<string, Tensor>>)[name];
  return { mean: await mean.data(), variance: await variance.data() };
};

const learned = (...layers: readonly Layer[]) =>
  sequential(input(columns), ...layers).compile({ loss: "meanSquaredError", optimizer: "adam" });

describe("withStatisticsOf", () => {
  it("keeps the mean and the variance of all examples, whatever the batches were", async () => {
    const trained = await learned(batchNorm(), dense(1)).fit(data, { epochs: 1 });
    const wanted = moments(await x.data(), columns);
    const once = await kept(await trained.withStatisticsOf(data, { batchSize: "all" }));
    wanted.forEach(({ mean, variance }, c) => {
      expect(once.mean[c]).toBeCloseTo(mean, 4);
      expect(once.variance[c] / variance).toBeCloseTo(1, 5);
    });
    // 128, 128 and 44: means are weighted by what a batch has.
    const parts = await kept(await trained.withStatisticsOf(data, { batchSize: 128 }));
    wanted.forEach(({ mean, variance }, c) => {
      expect(parts.mean[c]).toBeCloseTo(mean, 4);
      expect(Math.abs(parts.variance[c] / variance - 1)).toBeLessThan(0.02);
    });
    const before = await kept(trained);
    expect(Math.abs(before.mean[0] - wanted[0].mean)).toBeGreaterThan(1e-3);
  });

  it("takes examples that lie sorted as it takes others", async () => {
    const sorted = tensor(
      Float32Array.from({ length: 1000 }, (_, i) => Math.floor(i / 100)),
      {
        shape: [1000, 1],
      },
    );
    const trained = await sequential(input(1), batchNorm(), dense(1))
      .compile({ loss: "meanSquaredError" })
      .fit({ x: sorted, y: sorted });
    const { variance } = await kept(
      await trained.withStatisticsOf({ x: sorted, y: sorted }, { batchSize: 100 }),
    );
    // Of 0 … 9 it is 8.25; within batches of one number each it would be 0.
    expect(Math.abs(variance[0] - 8.25)).toBeLessThan(0.3);
  });

  it("drops nothing and distorts nothing, and takes what a layer below gives with its new statistics", async () => {
    const distorted = lambda("distort", (x, { training, key }) =>
      training && key !== undefined ? x.add(100) : x,
    );
    const trained = await learned(
      distorted,
      batchNorm({ name: "first" }),
      dropout(0.5),
      batchNorm({ name: "second" }),
      dense(1),
    ).fit(data, { epochs: 2 });
    const settled = await trained.withStatisticsOf(data, { batchSize: "all" });
    const first = await kept(settled, "first");
    expect(first.mean[0]).toBeCloseTo(moments(await x.data(), columns)[0].mean, 3);
    const { params } = trained as unknown as {
      params: Record<string, Record<string, Tensor>>;
    };
    const second = await kept(settled, "second");
    const [gamma, beta] = [await params.first.gamma.data(), await params.first.beta.data()];
    for (let c = 0; c < columns; c++) {
      expect(second.mean[c]).toBeCloseTo(beta[c], 4);
      // The first normalises by n, and n / (n − 1) is kept.
      expect(second.variance[c] / gamma[c] ** 2).toBeCloseTo(rows / (rows - 1), 3);
    }
  });

  it("is of the averaged parameters that the model is used with", async () => {
    const model = sequential(input(columns), dense(3), batchNorm(), dense(1));
    const optimizer = optimizers.averaged(optimizers.sgd(schedules.constant(1e-3)), {
      decay: 0.99,
      warmUp: false,
    });
    const trained = await model.compile({ loss: "meanSquaredError", optimizer }).fit(data);
    const settled = await trained.withStatisticsOf(data, { batchSize: "all" });
    const { params } = settled as unknown as { params: Record<string, Record<string, Tensor>> };
    const hidden = x.matmul(params.dense.kernel as never).add(params.dense.bias as never) as Tensor;
    const wanted = moments(await hidden.data(), 3);
    const { mean, variance } = await kept(settled);
    wanted.forEach((of, c) => {
      expect(mean[c]).toBeCloseTo(of.mean, 3);
      expect(variance[c] / of.variance).toBeCloseTo(1, 3);
    });
  });

  it("leaves the first model and the parameters as they are, and can be trained on", async () => {
    const trained = await learned(batchNorm(), dense(1)).fit(data);
    const before = [...(await kept(trained)).mean];
    const settled = await trained.withStatisticsOf(data);
    expect([...(await kept(trained)).mean]).toEqual(before);
    expect(settled.history).toEqual(trained.history);
    const on = await settled.fit(data);
    expect(on.history.length).toBeGreaterThan(0);
    expect([...(await kept(settled)).mean]).not.toEqual(before);
  });

  it("changes nothing of a model that keeps nothing, and takes streams", async () => {
    const trained = await learned(dense(1)).fit(data);
    const settled = await trained.withStatisticsOf(data);
    expect(await settled.predict(x).data()).toEqual(await trained.predict(x).data());
    const withNorm = await learned(batchNorm(), dense(1)).fit(data);
    const stream = {
      *epoch() {
        yield { x: x.slice([[0, 100]]) as Tensor, y: y.slice([[0, 100]]) as Tensor };
        yield { x: x.slice([[100, 300]]) as Tensor, y: y.slice([[100, 300]]) as Tensor };
      },
    };
    const { mean } = await kept(await withNorm.withStatisticsOf(stream));
    expect(mean[0]).toBeCloseTo(moments(await x.data(), columns)[0].mean, 3);
  });
});
