/** What columns are called in messages, reports and what comes out: their names, or x0, x1, … */

export const columnName = (names: readonly string[] | null, column: number): string =>
  names?.[column] ?? `x${column}`;

export const columnNames = (names: readonly string[] | null, count: number): readonly string[] =>
  names ?? Array.from({ length: count }, (_, column) => columnName(null, column));
