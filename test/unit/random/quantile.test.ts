import { constantNode } from "@src/graph/node.js";
import { wrap } from "@src/tensor/operand.js";
import { upperQuantile } from "@src/tensor/random/quantile.js";
import { random } from "inkgrad";
import { describe, expect, it } from "vitest";
import { normalUpper } from "../../support/statistics.js";

/** Probabilities from ½ down to `least`, and what the quantile function makes of them. */
async function quantiles(dtype: "f32" | "f64", least: number) {
  const Values = dtype === "f32" ? Float32Array : Float64Array;
  const steps = 3000;
  const p = new Values(steps).map((_: number, i: number) => 0.5 * (2 * least) ** (i / steps));
  const rest = p.map((x: number) => 0.5 - x);
  const node = (values: typeof p) => constantNode(values, [steps], dtype);
  const z = await wrap(upperQuantile(node(p), node(rest), least, dtype)).data();
  return { p, z: z as Float64Array };
}

describe("the normal quantile", () => {
  it.each([
    ["f32", 1e-36, 2e-6],
    ["f64", 1e-290, 1e-12],
  ] as const)("in %s takes p back to itself down to %s", async (dtype, least, tolerance) => {
    const { p, z } = await quantiles(dtype, least);
    // A relative error e of z changes p by z²·e (times φ(z)/(z·p), nearly 1): the tolerance is
    // for z = 13 in f32 and 36 in f64.
    z.forEach((zi, i) => {
      expect(Math.abs(normalUpper(zi) / p[i] - 1)).toBeLessThan(tolerance * (1 + zi * zi));
    });
  });

  it("reaches the tails of a sample as often as it should", async () => {
    const n = 200_000;
    const samples = await random.normal(random.key(31), [n]).data();
    for (const [beyond, sign] of [3, 3.5, 4].flatMap((x) => [
      [x, 1],
      [x, -1],
    ])) {
      const expected = n * normalUpper(beyond);
      const found = samples.filter((x) => sign * x > beyond).length;
      expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt(expected) + 1);
    }
    expect(Math.max(...samples.subarray(0, 100_000))).toBeLessThan(6.4);
  });
});
