import { duration, figure, percent } from "../output/format.js";
import { textTable } from "../output/table.js";
import { parallelCoordinates } from "../report/charts.js";
import { type Html, html } from "../report/html.js";
import { page } from "../report/page.js";
import { table } from "../report/sections.js";
import { tried, type Trial } from "./trial.js";

/** What a search came to: a ranked table, and a plot with a line for each trial. */

const head = [
  ...["trial", "accuracy", "loss", "epochs", "learning rate", "width", "dropout", "batch"],
  ...["optimizer", "time"],
];

const rowsOf = (ranked: readonly Trial[]): string[][] =>
  ranked.map(({ number, choice, epochs, accuracy, loss, seconds }) => [
    String(number + 1),
    percent(accuracy),
    figure(loss),
    String(epochs),
    ...[choice.lr, choice.width, choice.dropout, choice.batch].map(String),
    choice.optimizer,
    duration(seconds),
  ]);

export const rankedTable = (ranked: readonly Trial[]): string =>
  textTable([head, ...rowsOf(ranked)]);

export function tuneHtml(ranked: readonly Trial[], about: string): string {
  const best = ranked[0];
  return page(
    "inkgrad tune digits",
    html`<h1>The best of ${ranked.length} trials: ${percent(best.accuracy)}</h1>
      <p class="soft">
        ${about} Accuracy is that on a held-out part of the training images; the test images were
        not looked at. Trials that did worse were given up early and have fewer epochs.
      </p>
      <section>
        <h2>All trials</h2>
        ${plot(ranked)}
      </section>
      <section>
        <h2>Ranked</h2>
        ${table("the longest trained first, then the most accurate", head, rowsOf(ranked))}
      </section>`,
  );
}

function plot(ranked: readonly Trial[]): Html {
  const axes = [
    { name: "learning rate", log: true },
    { name: "width", log: true },
    { name: "dropout" },
    { name: "batch", log: true },
    { name: "optimizer", values: tried },
    { name: "epochs", log: true },
    { name: "accuracy", show: (x: number) => percent(x, 1) },
  ];
  const lines = ranked.map(({ choice, epochs, accuracy }, i) => ({
    values: {
      "learning rate": choice.lr,
      width: choice.width,
      dropout: choice.dropout,
      batch: choice.batch,
      optimizer: choice.optimizer,
      epochs,
      accuracy,
    },
    rank: ranked.length === 1 ? 1 : 1 - i / (ranked.length - 1),
  }));
  const description = `A line for each of ${ranked.length} trials through its settings to its accuracy; the best, number ${ranked[0].number + 1}, stands out.`;
  return html`<figure class="scroll wide">
    ${parallelCoordinates(axes, lines, description)}
  </figure>`;
}
