import { criticalPoints, ShapeError, tensor, type Tensor, ValueError } from "inkgrad";
import { describe, expect, it } from "vitest";

type Vector = Tensor<[number], "f64">;
const weights = (...w: number[]): Tensor<[number], "f64"> => tensor(new Float64Array(w));
const quadratic =
  (...w: number[]) =>
  (x: Vector): Tensor =>
    x
      .mul(x)
      .mul(weights(...w))
      .sum();
const close = (x: readonly number[], y: readonly number[]): void =>
  x.forEach((value, i) => expect(value).toBeCloseTo(y[i], 9));

describe("criticalPoints", () => {
  it("finds the critical point of a quadratic and tells its kind", async () => {
    const kinds: [number[], string][] = [
      [[1, 2], "minimum"],
      [[-1, -2], "maximum"],
      [[1, -2], "saddle"],
      [[1, 0], "degenerate"],
    ];
    for (const [w, kind] of kinds) {
      const [one, ...others] = await criticalPoints(quadratic(...w), { starts: [[3, 0]] });
      expect(others).toEqual([]);
      close(one.point, [0, 0]);
      expect(one.kind).toBe(kind);
      expect(one.value).toBeCloseTo(0, 12);
      close(
        one.eigenvalues,
        w.map((x) => 2 * x).sort((x, y) => x - y),
      );
    }
  });

  it("finds all nine of a double well in two directions, each once", async () => {
    const well = (x: Vector): Tensor => x.mul(x).sub(1).square().sum();
    const line = [-1.3, 0.1, 0.8, 1.5];
    const starts = line.flatMap((x) => line.map((y) => [x, y]));
    const found = await criticalPoints(well, { starts });
    const count = (kind: string): number => found.filter((one) => one.kind === kind).length;
    expect([count("minimum"), count("saddle"), count("maximum")]).toEqual([4, 4, 1]);
    expect(found).toHaveLength(9);
    for (const { point, kind } of found) {
      close(
        point.map((x) => x * x * x - x),
        [0, 0],
      );
      expect(kind).toBe(["maximum", "saddle", "minimum"][Math.round(Math.hypot(...point) ** 2)]);
    }
  });

  it("says degenerate where second derivatives vanish, even from far away", async () => {
    const quartic = (x: Vector): Tensor => x.mul(x).mul(x).mul(x).sum();
    const [one] = await criticalPoints(quartic, { starts: [[1]] });
    expect(one.kind).toBe("degenerate");
    expect(Math.abs(one.point[0])).toBeLessThan(1e-8);
    const [here] = await criticalPoints(quartic, { starts: [[0]] });
    expect(here).toMatchObject({ point: [0], kind: "degenerate" });
  });

  it("does not depend on the scale of the function", async () => {
    for (const scale of [1e-9, 1e9]) {
      const [one] = await criticalPoints(quadratic(scale, 3 * scale), { starts: [[1, 1]] });
      expect(one.kind).toBe("minimum");
    }
  });

  it("reports nothing where there is nothing: planes, exponentials, values that are not finite", async () => {
    const starts = [[0.5, 1]];
    expect(await criticalPoints((x: Vector) => x.mul(2).sum(), { starts })).toEqual([]);
    expect(await criticalPoints((x: Vector) => x.exp().sum(), { starts })).toEqual([]);
    expect(await criticalPoints((x: Vector) => x.neg().log().sum(), { starts })).toEqual([]);
  });

  it("refuses starts that are no vectors of one length, and results that are no scalars", async () => {
    const f = quadratic(1, 1);
    for (const starts of [[], [[]], [[1], [1, 2]], [[NaN, 0]], [3]])
      await expect(criticalPoints(f, { starts: starts as number[][] })).rejects.toThrow(ValueError);
    await expect(criticalPoints((x: Vector) => x, { starts: [[1, 2]] })).rejects.toThrow(
      ShapeError,
    );
  });
});
