import { describe, expect, it } from "vitest";
import { type Tensor, tensor, ValueError } from "inkgrad";
import { png } from "inkgrad/data";
import {
  curves,
  decisionBoundary,
  effects,
  lineChart,
  lossSurface,
  scatter,
  toPng,
} from "inkgrad/learn/plot";

const count = (svg: string, pattern: RegExp): number => [...svg.matchAll(pattern)].length;

/** The points of a path, in pixels. */
const pointsOf = (path: string): [number, number][] =>
  [...path.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

const pathsOf = (svg: string): string[] =>
  [...svg.matchAll(/<path[^>]* d="([^"]+)"/g)].map(([, d]) => d);

describe("curves", () => {
  it("draws a line and a name for each list, and says for whom cannot see where they end", () => {
    const svg = curves({ slow: [4, 3, 2.5], fast: [4, 1] });
    expect(svg).toContain('aria-label="cost by iteration: slow ends at 2.500, fast ends at 1.000"');
    expect(svg).toContain(">slow<");
    expect(svg).toContain(">fast<");
    // Three dots and two, each above the next where the cost falls.
    expect(count(svg, /<circle/g)).toBe(5);
    const [slow] = pathsOf(svg)
      .map(pointsOf)
      .filter((points) => points.length === 3);
    expect(slow[0][1]).toBeLessThan(slow[1][1]);
    expect(slow[1][1]).toBeLessThan(slow[2][1]);
  });

  it("leaves out what is no number, and what a log scale cannot show", () => {
    expect(count(curves({ a: [1, NaN, 3] }), /<circle/g)).toBe(2);
    expect(count(curves({ a: [1, 0, 3, -1] }, { yScale: "log" }), /<circle/g)).toBe(2);
  });

  it("keeps names apart where lines end at the same height, and in the order given", () => {
    const svg = curves(
      new Map([
        ["10", [3, 1, 1]],
        ["2", [2, 2, 1]],
        ["x", [3, 2, 3]],
      ]),
    );
    const at = (name: string): number => {
      const [, shift] =
        new RegExp(`translate\\(6,([-\\d.]+)\\)"[^>]*><text[^>]*>${name}<`).exec(svg) ?? [];
      return Number(shift);
    };
    expect(Math.abs(at("10") - at("2"))).toBeGreaterThanOrEqual(12);
    expect(at("x")).toBe(0);
    expect(svg).toContain("10 ends at 1.000, 2 ends at 1.000, x ends");
  });

  it("throws where there is nothing to draw", () => {
    expect(() => curves({})).toThrow(ValueError);
    expect(() => lineChart({ description: "", x: "x", series: [] })).toThrow(ValueError);
  });
});

describe("decisionBoundary", () => {
  /** The second class to the right of 0.5. */
  const fitted = {
    classes: ["left", "right"],
    predictProba: (x: unknown) =>
      tensor(
        ((x as Tensor<[number, number]>).toArray() as number[][])
          .map(([a]) => 1 / (1 + Math.exp(-20 * (a - 0.5))))
          .map((p) => [1 - p, p]),
        { dtype: "f64" },
      ),
  };
  const x = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ];
  const svg = decisionBoundary(fitted, x, ["left", "right", "left", "right"]);

  it("lies where the classes are as probable as each other", () => {
    // The middle of the data is the middle of the frame.
    const dots = [...svg.matchAll(/cx="([\d.]+)"/g)].map(([, at]) => Number(at));
    expect(dots).toHaveLength(4);
    const middle = (Math.min(...dots) + Math.max(...dots)) / 2;
    const areas = pathsOf(svg).map((d) => pointsOf(d).map(([across]) => across));
    const left = areas.find((across) => Math.abs(Math.max(...across) - middle) < 1);
    const right = areas.find((across) => Math.abs(Math.min(...across) - middle) < 1);
    expect(left).toBeDefined();
    expect(right).toBeDefined();
  });

  it("takes exactly two features, and labels for all rows", () => {
    expect(() => decisionBoundary(fitted, [[1, 2, 3]], ["left"])).toThrow("two columns");
    expect(() => decisionBoundary(fitted, x, ["left"])).toThrow("4 rows and y has 1");
  });
});

describe("lossSurface", () => {
  it("draws lines of equal loss around the minimum, and each path", () => {
    const path = [
      { x: 2, y: 2 },
      { x: 1, y: 0.5 },
    ];
    const svg = lossSurface((a, b) => (a - 1) ** 2 + b * b, {
      x: [-1, 3],
      y: [-2, 2],
      paths: { descent: path },
    });
    expect(svg).toContain("descent ends at 1.00, 0.500");
    expect(count(svg, /<circle/g)).toBe(2);
    expect(pathsOf(svg).length).toBeGreaterThan(10);
  });

  it("throws where the loss is no number anywhere", () => {
    expect(() => lossSurface(() => NaN, { x: [0, 1], y: [0, 1] })).toThrow(ValueError);
    expect(() => lossSurface(() => 1, { x: [1, 1], y: [0, 1] })).toThrow("ranges");
  });
});

describe("effects", () => {
  const list = [
    { name: "weak", value: 1.1 },
    { name: "strong", value: 0.2, interval: [0.1, 0.4] as const },
  ];

  it("has the strongest on top: on a log scale a fifth is more than a tenth more", () => {
    const svg = effects(list, { x: "odds ratio", scale: "log" });
    expect(svg).toContain("the strongest: strong 0.200, weak 1.10");
    expect(svg.indexOf(">strong<")).toBeLessThan(svg.indexOf(">weak<"));
    expect(count(svg, /<rect/g)).toBe(2);
  });

  it("leaves out what is infinite, and throws if nothing is left", () => {
    expect(count(effects([...list, { name: "x", value: Infinity }]), /<rect/g)).toBe(2);
    expect(() => effects([{ name: "x", value: NaN }])).toThrow(ValueError);
  });
});

describe("a chart", () => {
  it("escapes names", () => {
    expect(curves({ "<script>": [1, 2], b: [1] })).not.toContain("<script>");
  });

  it("becomes a picture with lines and letters in it", async () => {
    const x = [
      [0, 0],
      [1, 1],
    ];
    const bytes = await toPng(scatter(x, [0, 1]), { width: 600 });
    const picture = png.decode(bytes);
    expect(picture.shape[1]).toBe(600);
    const values = await picture.data();
    const dark = values.filter((value) => value < 150).length / values.length;
    expect(dark).toBeGreaterThan(0.002);
    expect(dark).toBeLessThan(0.2);
    await expect(toPng("<svg/>", { width: 0 })).rejects.toThrow(ValueError);
  });
});
