/** Texts in columns, the first aligned left and the others right. No line ends with blanks. */
export function textTable(
  rows: readonly (readonly string[])[],
  { gap = 2, left = [0] }: { readonly gap?: number; readonly left?: readonly number[] } = {},
): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.map((row) => (row[c] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, c) => (left.includes(c) ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
        .join(" ".repeat(gap))
        .trimEnd(),
    )
    .join("\n");
}
