import { writeFileSafely } from "../../data/system-write.js";
import { columnsOf, type EpochFigures, figureOf } from "../training/history.js";
import type { Callback } from "./callback.js";

/**
 * Writes the figures of all epochs to a CSV file, anew after each: one row an epoch, counted from 1,
 * with the columns epoch, loss, the metrics, val_…, learningRate, seconds. A resumed training goes on
 * with it.
 */
export const csvLog = (path: string): Callback => ({
  name: "csvLog",
  async onEpochEnd(_figures, { history }) {
    await writeFileSafely(path, new TextEncoder().encode(csvOf(history)));
  },
});

/** A history as CSV. */
export function csvOf(history: readonly EpochFigures[]): string {
  const columns = columnsOf(history);
  const rows = history.map((figures) => [
    figures.epoch + 1,
    ...columns.map((name) => figureOf(figures, name) ?? ""),
  ]);
  return [["epoch", ...columns].map(cell), ...rows].map((row) => `${row.join(",")}\n`).join("");
}

/** Names of one's own metrics may hold anything. */
const cell = (text: string): string =>
  /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
