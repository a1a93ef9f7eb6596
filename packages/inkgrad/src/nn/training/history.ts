import type { Figures } from "./tally.js";
import type { Health } from "./health.js";

/** The figures of an epoch, as `history` lists them. */
export interface EpochFigures {
  readonly epoch: number;
  /** Of the training examples while they were learned from: "loss" and the metrics. */
  readonly train: Figures;
  /** Of the validation examples after the epoch, if there are any. */
  readonly validation?: Figures;
  readonly learningRate: number;
  readonly seconds: number;
  /** What was found about the gradients, if somebody asked. */
  readonly health?: readonly Health[];
}

/** The epochs of a training. As text it is a table. */
export interface History extends ReadonlyArray<EpochFigures> {
  /**
   * A figure of each epoch: "loss", "accuracy", "val_loss", "learningRate", "seconds"; NaN where there
   * is none.
   */
  column(name: string): number[];
  /** One row an epoch. */
  toString(): string;
}

/** A figure of an epoch by the name that it has in tables: Keras's, "val_" for validation. */
export function figureOf(figures: EpochFigures, name: string): number | undefined {
  if (name === "learningRate" || name === "seconds") return figures[name];
  if (name.startsWith("val_")) return figures.validation?.[name.slice(4)];
  return figures.train[name];
}

/** Names of all figures in a history. */
export function columnsOf(history: readonly EpochFigures[]): string[] {
  const names = new Set<string>();
  for (const { train } of history) for (const name of Object.keys(train)) names.add(name);
  for (const { validation } of history)
    for (const name of Object.keys(validation ?? {})) names.add(`val_${name}`);
  return [...names, "learningRate", "seconds"];
}

/** A list of epochs as a history. */
export function historyOf(list: readonly EpochFigures[]): History {
  const history = [...list];
  // Not enumerable: a history is compared and written as the list it is.
  Object.defineProperties(history, {
    column: { value: (name: string) => history.map((f) => figureOf(f, name) ?? NaN) },
    toString: { value: () => table(history) },
  });
  return history as unknown as History;
}

function table(history: readonly EpochFigures[]): string {
  const columns = columnsOf(history);
  const rows = history.map((figures) => [
    String(figures.epoch + 1),
    ...columns.map((name) => show(figureOf(figures, name))),
  ]);
  const all = [["epoch", ...columns], ...rows];
  const widths = all[0].map((_, i) => Math.max(...all.map((row) => row[i].length)));
  return all.map((row) => row.map((cell, i) => cell.padStart(widths[i])).join("  ")).join("\n");
}

const show = (x: number | undefined): string =>
  x === undefined ? "" : x !== 0 && Math.abs(x) < 1e-3 ? x.toExponential(3) : x.toPrecision(5);
