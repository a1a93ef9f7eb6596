import { compile, random, tensor, type Tensor } from "inkgrad";
import { transforms as t } from "inkgrad/data";
import { describe, expect, it } from "vitest";

const images = random.uniform(random.key(1), [6, 9, 8, 2]);
const values = (x: Tensor): number[] => x.reshape([-1]).toArray() as number[];
const furthest = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item() as number;

describe("normalisation", () => {
  const table = tensor([
    [1, 10, 5],
    [2, 30, 5],
    [4, 20, 5],
  ]);

  it("brings each column to its range, and constants to the lower end", () => {
    const scale = t.fitMinMax(table);
    expect(scale(table).toArray()).toEqual([
      [0, 0, 0],
      [Math.fround(1 / 3), 1, 0],
      [1, 0.5, 0],
    ]);
    expect(scale(tensor([[7, 10, 6]])).toArray()).toEqual([[2, 0, 1]]);
    const wide = t.fitMinMax(table, { range: [-1, 1] });
    expect(
      wide(table)
        .slice([[], [1, 2]])
        .reshape([3])
        .toArray(),
    ).toEqual([-1, 1, 0]);
    expect(wide.toJSON()).toMatchObject({
      kind: "minMax",
      per: "feature",
      shape: [3],
      centre: [1, 10, 5],
    });
  });

  it("brings mean and standard deviation to 0 and 1, for features, channels or all", () => {
    const x = images.mul(tensor([3, 50])).add(tensor([1000, -7]));
    for (const [per, axes] of [
      ["feature", [0]],
      ["channel", [0, 1, 2]],
      ["all", [0, 1, 2, 3]],
    ] as const) {
      const y = t.fitMeanStd(x.cast("f64"), { per })(x.cast("f64"));
      expect(
        y
          .mean(axes as never)
          .abs()
          .max()
          .item(),
      ).toBeLessThan(1e-9);
      expect(
        y
          .square()
          .mean(axes as never)
          .sub(1)
          .abs()
          .max()
          .item(),
      ).toBeLessThan(1e-9);
    }
    expect(t.fitMeanStd(x).toJSON()).toMatchObject({ per: "channel", shape: [2] });
    expect(
      t
        .fitMeanStd(table)(table)
        .slice([[], [2, 3]])
        .reshape([3])
        .toArray(),
    ).toEqual([0, 0, 0]);
    const tenth = tensor([[0.1], [0.1], [0.1]], { dtype: "f64" });
    expect(t.fitMeanStd(tenth).toJSON().spread).toEqual([1]);
  });

  it("goes back, through JSON, and inside a compiled function", () => {
    for (const fitted of [t.fitMinMax(images, { range: [2, 5] }), t.fitMeanStd(images)]) {
      const again = t.normalizer(JSON.parse(JSON.stringify(fitted)));
      expect(values(again(images))).toEqual(values(fitted(images)));
      expect(furthest(again.inverse(again(images)), images)).toBeLessThan(1e-6);
      expect(furthest(compile((x: Tensor) => fitted(x))(images), fitted(images))).toBeLessThan(
        1e-6,
      );
    }
  });

  it("takes bytes", () => {
    const bytes = tensor(Uint8Array.of(0, 255, 51, 204), { shape: [2, 2] });
    expect(t.fitMinMax(bytes, { per: "all" })(bytes).toArray()).toEqual([
      [0, 1],
      [Math.fround(0.2), Math.fround(0.8)],
    ]);
  });

  it("says what is wrong", () => {
    expect(() => t.fitMeanStd(tensor([[NaN]]))).toThrow(/NaN or infinite/);
    expect(() => t.fitMinMax(table, { range: [1, 1] })).toThrow(/range/);
    expect(() => t.fitMinMax(tensor(3))).toThrow(/\[n, \.\.\.\]/);
    expect(() => t.fitMinMax(table)(tensor([[1, 2]]))).toThrow(
      /fitted on data with \[3\].*\[1, 2\]/,
    );
    expect(() => t.normalizer({ ...t.fitMinMax(table).toJSON(), spread: [1, 0, 1] })).toThrow(
      /toJSON/,
    );
    expect(() => t.normalizer({} as never)).toThrow(/toJSON/);
  });
});
