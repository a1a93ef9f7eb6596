/** Results as lines of text. */

const columns = [
  ["case", 46],
  ["Node", 5],
  ["batch", 6],
  ["threads", 8],
  ["ours", 10],
  ["peer", 10],
  ["ratio", 7],
  ["unit", 10],
];

const number = (x) => {
  if (x === undefined) return "–";
  if (x >= 1000) return String(Math.round(x));
  return x >= 100 ? x.toFixed(1) : String(Number(x.toPrecision(3)));
};

const pad = (text, i) =>
  i === 0 || i === 7 ? text.padEnd(columns[i][1]) : text.padStart(columns[i][1]);

const line = (cells) => cells.map(pad).join(" ");

export const head = () => `${line(columns.map(([name]) => name))} against`;

export function row(result) {
  const { size, batch = size, note } = result;
  const cells = [
    result.case,
    result.node,
    batch === undefined ? "" : String(batch),
    `${result.oursThreads ?? "–"} : ${result.peerThreads ?? "–"}`,
    number(result.ours),
    number(result.peer),
    number(result.ratio),
    result.unit,
  ];
  return `${line(cells)} ${result.peerName}${note === "" ? "" : ` (${note})`}`;
}
