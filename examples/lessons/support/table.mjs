/**
 * Rows of numbers and words as aligned lines: words on the left, numbers on the right.
 *
 * @param head  what the columns are called
 * @param rows  lists as long as the head; numbers are written with some four digits
 */
export function table(head, rows) {
  const cells = [head, ...rows.map((row) => row.map(written))];
  const isNumber = head.map((_, k) => rows.every((row) => typeof row[k] === "number"));
  const widths = head.map((_, k) => Math.max(...cells.map((row) => row[k].length)));
  const line = (row) =>
    row.map((cell, k) => (isNumber[k] ? cell.padStart(widths[k]) : cell.padEnd(widths[k])));
  return cells.map((row) => `  ${line(row).join("   ")}`.trimEnd()).join("\n");
}

/** A number as a reader likes it: 0.1235, 1234, 1.2e-7. */
export function written(value) {
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  const size = Math.abs(value);
  return size >= 1e7 || size < 1e-3 ? value.toExponential(1) : String(+value.toPrecision(4));
}
