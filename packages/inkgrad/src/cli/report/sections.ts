import { encode } from "../../data/formats/png.js";
import { type Dataset, subset } from "../../data/index.js";
import type { EpochFigures } from "../../nn/training/history.js";
import { count, figure, percent } from "../output/format.js";
import type { Judgement } from "../run/judge.js";
import { colours } from "../../learn/plot/draw.js";
import { lineChart, type Series } from "../../learn/plot/line-chart.js";
import { type Html, html, raw } from "./html.js";

/** The parts of a report. */

/** What was taken for what, and the figures of each class. */
export type Counted = Pick<Judgement, "confusion" | "classes">;

export const facts = (rows: readonly (readonly [string, string | Html])[]): Html =>
  html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;

export const bigFigures = (rows: readonly (readonly [string, string])[]): Html =>
  html`<ul class="figures">
    ${rows.map(([name, value]) => html`<li><b>${value}</b>${name}</li>`)}
  </ul>`;

export const table = (
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  /** Columns of texts, which begin on the left; the first always does. */
  texts: readonly number[] = [],
): Html => {
  const side = (column: number): string => (texts.includes(column) ? "text" : "");
  return html`<p class="soft">${caption}</p>
    <div class="scroll">
      <table aria-label="${caption}">
        <thead>
          <tr>
            ${head.map((name, c) => html`<th scope="col" class="${side(c)}">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([first, ...rest]) =>
              html`<tr>
                <th scope="row">${first}</th>
                ${rest.map((cell, i) => html`<td class="${side(i + 1)}">${cell}</td>`)}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`;
};

/** Loss and accuracy over epochs, and the numbers behind the lines. */
export function curves(history: readonly EpochFigures[]): Html {
  const held = history.some(({ validation }) => validation !== undefined);
  const seriesOf = (name: "loss" | "accuracy"): Series[] => [
    {
      name: "training",
      colour: colours.first,
      points: history.map(({ epoch, train }) => ({ x: epoch + 1, y: train[name] })),
    },
    ...(held
      ? [
          {
            name: "held out",
            colour: colours.second,
            points: history.flatMap(({ epoch, validation }) =>
              validation === undefined ? [] : [{ x: epoch + 1, y: validation[name] }],
            ),
          },
        ]
      : []),
  ];
  const last = history.at(-1);
  const described = (name: "loss" | "accuracy", show: (x: number) => string): string =>
    last === undefined
      ? `no ${name}: there was no epoch`
      : `${name} over ${history.length} epochs, at the end ${show(last.train[name])} while training` +
        (last.validation === undefined ? "" : ` and ${show(last.validation[name])} held out`);
  const chart = (name: "loss" | "accuracy", y: string, show: (x: number) => string): Html =>
    html`<figure>
      <figcaption>${y}</figcaption>
      ${raw(
        lineChart({
          description: described(name, show),
          x: "epoch",
          series: seriesOf(name),
          percent: name === "accuracy",
          whole: true,
          // The key above the charts has them.
          names: false,
        }),
      )}
    </figure>`;
  return html`<p>
      <span class="key first">● while training</span>${
        held
          ? html` &ensp; <span class="key second">● held out</span>, on which nothing was learned`
          : ""
      }
    </p>
    <div class="charts">
      ${chart("loss", "loss (cross-entropy)", figure)}
      ${chart("accuracy", "accuracy in %", percent)}
    </div>
    <details>
      <summary>the numbers</summary>
      ${table(
        "figures of each epoch",
        [
          "epoch",
          "loss",
          "accuracy",
          "held-out loss",
          "held-out accuracy",
          "learning rate",
          "seconds",
        ],
        history.map(({ epoch, train, validation, learningRate, seconds }) => [
          epoch + 1,
          figure(train.loss),
          percent(train.accuracy),
          validation === undefined ? "–" : figure(validation.loss),
          validation === undefined ? "–" : percent(validation.accuracy),
          learningRate.toPrecision(3),
          seconds.toFixed(1),
        ]),
      )}
    </details>`;
}

/** @param done  what was done to tell: digits are read, of rows of a table something is said */
export function confusionTable({ confusion, classes }: Counted, done = "read"): Html {
  const names = classes.map(({ name }) => name);
  const wrongest = Math.max(1, ...confusion.flatMap((row, i) => row.filter((_, j) => j !== i)));
  const cell = (n: number, i: number, j: number): Html => {
    if (n === 0) return html`<td class="none">0</td>`;
    const share = i === j ? n / Math.max(classes[i].count, 1) : n / wrongest;
    return html`<td class="${i === j ? "right" : "wrong"}" style="--share:${share.toFixed(3)}">
      ${n}
    </td>`;
  };
  const caption = `rows: what it is; columns: what was ${done}`;
  return html`<p class="soft">${caption}</p>
    <div class="scroll">
      <table class="confusion" aria-label="${caption}">
        <thead>
          <tr>
            <td></td>
            ${names.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${confusion.map(
            (row, i) =>
              html`<tr>
                <th scope="row">${names[i]}</th>
                ${row.map((n, j) => cell(n, i, j))}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`;
}

export const classTable = ({ classes }: Pick<Counted, "classes">, done = "read"): Html =>
  table(
    `precision: of what was ${done} so, the share that is; recall: of what is, the share that was ${done} so`,
    ["class", "examples", "precision", "recall", "F1"],
    classes.map(({ name, count: n, precision, recall, f1 }) => [
      name,
      count(n),
      ...[precision, recall, f1].map((x) => percent(x)),
    ]),
  );

/** The worst mistakes, as pictures within the page. */
export function mistakePictures(
  { mistakes }: Judgement,
  data: Dataset,
  classes: readonly string[],
  most: number,
): Html {
  if (mistakes.length === 0) return html`<p>There were none.</p>`;
  const shown = mistakes.slice(0, most);
  const rows = subset(
    data,
    shown.map(({ row }) => row),
  ).x;
  const item = ({ row, truth, said, confidence }: (typeof shown)[number], i: number): Html => {
    const what = `${classes[truth]} read as ${classes[said]}`;
    const uri = `data:image/png;base64,${Buffer.from(encode(rows.at(i).get() as never)).toString("base64")}`;
    return html`<li>
      <img src="${uri}" alt="test image ${row}: ${what}" /><b>${what}</b
      ><span>${percent(confidence, 0)} sure</span><span class="soft">test image ${row}</span>
    </li>`;
  };
  return html`<p class="soft">
      ${
        mistakes.length > most
          ? `The worst ${most} of ${count(mistakes.length)} mistakes`
          : "All mistakes"
      },
      that with the least probability for the truth first; beside each how sure the model was.
    </p>
    <ul class="mistakes">
      ${shown.map(item)}
    </ul>`;
}
