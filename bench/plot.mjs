/**
 * Draws the results of the `scaling` cases: `node bench/plot.mjs results.json plot.svg`. Time by
 * batch beside time by size, both axes logarithmic, a line for each library.
 */
import { readFileSync, writeFileSync } from "node:fs";
import * as Plot from "@observablehq/plot";
import { JSDOM } from "jsdom";

const [input, output] = process.argv.slice(2);
if (output === undefined) {
  console.error("usage: node bench/plot.mjs results.json plot.svg");
  process.exit(2);
}
const results = JSON.parse(readFileSync(input, "utf8")).filter(({ case: name }) =>
  name.startsWith("scaling"),
);
const { document } = new JSDOM("").window;
const [width, height] = [480, 360];

/** Ours and each peer as points { x, ms, library }, each once however many it was compared with. */
function points(by) {
  const found = new Map();
  for (const result of results.filter((result) => result[by] !== undefined))
    for (const [who, name] of [
      ["ours", result.oursName],
      ["peer", result.peerName],
    ]) {
      const ms = result[who];
      const library = `${name}, ${result[`${who}Threads`]} threads`.replace(
        "1 threads",
        "1 thread",
      );
      if (ms > 0) found.set(`${library} ${result[by]}`, { x: result[by], ms, library });
    }
  return [...found.values()];
}

const libraries = [...new Set(["batch", "size"].flatMap(points).map(({ library }) => library))];

function chart(by, label) {
  const data = points(by);
  const ticks = [...new Set(data.map(({ x }) => x))].sort((a, b) => a - b);
  return Plot.plot({
    document,
    width,
    height,
    marginLeft: 60,
    style: { background: "white", color: "#222", fontSize: "11px" },
    x: {
      type: "log",
      base: 2,
      label,
      grid: true,
      ticks: ticks.filter((_, i) => i % 2 === 0),
      tickFormat: "d",
    },
    y: { type: "log", label: "milliseconds", grid: true, tickFormat: "~g" },
    color: { domain: libraries, scheme: "observable10" },
    marks: [
      Plot.lineY(data, { x: "x", y: "ms", stroke: "library" }),
      Plot.dot(data, { x: "x", y: "ms", fill: "library", r: 2.5 }),
    ],
  });
}

const charts = ["batch", "size"].map((by, i) => {
  const plot = chart(by, i === 0 ? "a training step of m1, by batch" : "a product of n × n, by n");
  plot.setAttribute("x", String(i * width));
  plot.setAttribute("y", "24");
  return plot;
});
const scale = charts[0].scale("color");
const legend = libraries.map((library, i) => {
  const x = 16 + (i * (2 * width - 32)) / libraries.length;
  return (
    `<circle cx="${x}" cy="12" r="4" fill="${scale.apply(library)}"/>` +
    `<text x="${x + 8}" y="16" font-family="sans-serif" font-size="12" fill="#222">${library}</text>`
  );
});
writeFileSync(
  output,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${height + 24}" width="${2 * width}">` +
    `<rect width="100%" height="100%" fill="white"/>${legend.join("")}` +
    `${charts.map((plot) => plot.outerHTML).join("")}</svg>\n`,
);
