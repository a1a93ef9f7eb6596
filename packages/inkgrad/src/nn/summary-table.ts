import { show } from "../base/shape.js";
import type { Summary, SummaryRow } from "./summary.js";

const grouped = (n: number): string => n.toLocaleString("en-US");

/** "3.4 kB". */
function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let unit = 0;
  for (; n >= 999.5 && unit < units.length - 1; unit++) n /= 1000;
  return `${unit === 0 ? n : n.toFixed(1)} ${units[unit]}`;
}

/** A name says its kind, unless it is somebody's own. */
const label = ({ name, kind, path }: SummaryRow): string =>
  "  ".repeat(path.length - 1) +
  (/^(.*?)(_\d+)?$/.exec(name)?.[1] === kind ? name : `${name} (${kind})`);

interface Column {
  readonly title: string;
  readonly of: (row: SummaryRow) => string;
  readonly right?: boolean;
}

/** A summary as text: a line a layer, what is inside another one indented. */
export function table(summary: Omit<Summary, "toString">): string {
  const { layers, input, trainable, kept, multiplyAdds, parameterBytes, activationBytes } = summary;
  const all: readonly Column[] = [
    { title: "layer", of: label },
    { title: "output", of: ({ output }) => show(output) },
    { title: "parameters", of: (row) => grouped(row.trainable), right: true },
    { title: "kept", of: (row) => grouped(row.kept), right: true },
    { title: "multiply-adds", of: (row) => grouped(row.multiplyAdds), right: true },
  ];
  const columns = all.filter(({ title }) => title !== "kept" || kept > 0);
  const lines = [
    columns.map(({ title }) => title),
    ...layers.map((row) => columns.map(({ of }) => of(row))),
  ];
  const widths = columns.map((_, i) => Math.max(...lines.map((cells) => cells[i].length)));
  const text = lines.map((cells) =>
    cells
      .map((cell, i) => (columns[i].right ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join("  ")
      .trimEnd(),
  );
  const rule = "─".repeat(widths.reduce((n, width) => n + width + 2, -2));
  const [head, ...body] = text;
  const besides = kept > 0 ? ` and ${grouped(kept)} numbers kept besides` : "";
  return [
    head,
    rule,
    ...body,
    rule,
    `${grouped(trainable)} parameters${besides}: ${bytes(parameterBytes)}`,
    `an example of ${show(input)}: ${grouped(multiplyAdds)} multiply-adds, ${bytes(activationBytes)} of activations`,
  ].join("\n");
}
