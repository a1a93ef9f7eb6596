import type { Audit } from "../../learn/audit/index.js";
import { join, relative } from "node:path";
import { count, duration, figure, percent } from "../output/format.js";
import { commandLine } from "../output/shell.js";
import { type Html, html, raw } from "../report/html.js";
import { page } from "../report/page.js";
import { bigFigures, classTable, confusionTable, facts, table } from "../report/sections.js";
import { files } from "../run/folder.js";
import { versions } from "../run/versions.js";
import {
  calibrationChart,
  type Coefficient,
  coefficientChart,
  costChart,
  oddsChart,
  precisionRecallChart,
  rocChart,
  strengthChart,
} from "./charts.js";
import type { Intake } from "./intake.js";
import type { Figure } from "./judge.js";
import type { Learned, LearnOptions } from "./learn.js";
import { slider, sliderScript } from "./slider.js";

/** What the report tells of. */
export interface FitOutcome {
  readonly intake: Intake;
  readonly options: LearnOptions;
  readonly learned: Learned;
  /** Of a linear model, by class; null: the model is none. */
  readonly coefficients: readonly ClassCoefficients[] | null;
  readonly folder: string;
}

export interface ClassCoefficients {
  readonly name: string;
  readonly list: readonly (Coefficient & { readonly inflation: number })[];
}

export function fitReport(outcome: FitOutcome): string {
  const { intake, learned, options } = outcome;
  const { judged, audit, answers, threshold } = learned;
  const { target, positive, file } = intake;
  const title = `${target} from ${file.replace(/^.*[\\/]/, "")}: ROC area ${judged.rocAuc.value.toFixed(3)}`;
  const counted = {
    confusion: judged.confusion.map((row) => [...row]),
    classes: judged.report.classes.map((row) => ({ ...row, count: row.support })),
  };
  const chart = (name: string, svg: string): Html =>
    html`<figure>
      <figcaption>${name}</figcaption>
      ${raw(svg)}
    </figure>`;
  return page(
    title,
    html`<h1>${title}</h1>
      <p class="soft">
        inkgrad fit, ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC. All figures are
        of ${count(learned.testRows)} rows that were put aside before anything was learned, chosen
        or scaled.
      </p>
      ${bigFigures([
        ["ROC area", judged.rocAuc.value.toFixed(3)],
        ["average precision", judged.averagePrecision.value.toFixed(3)],
        ["accuracy", percent(judged.accuracy.value)],
        [
          positive === null ? "F1, mean of the classes" : `F1 of “${positive}”`,
          percent(judged.f1.value),
        ],
        ["log loss", figure(judged.logLoss.value)],
      ])}
      ${warningsHtml(audit, intake)}
      <section>
        <h2>How well it tells</h2>
        <div class="charts">
          ${chart("ROC", rocChart(answers))}
          ${chart("precision and recall", precisionRecallChart(answers))}
          ${chart("are probabilities what they say?", calibrationChart(answers))}
          ${positive === null ? "" : chart("what mistakes cost", costChart(answers, positive, options.goal.cost))}
        </div>
        ${figuresTable(outcome)}
      </section>
      ${
        positive === null || threshold === null
          ? ""
          : html`<section>
              <h2>The threshold</h2>
              ${slider({
                truth: answers.truth,
                scores: answers.probabilities.map((p) => p[answers.classes.indexOf(positive)]),
                positive,
                negative: answers.classes.find((name) => name !== positive)!,
                threshold: threshold.threshold,
                goal: options.goal,
              })}
            </section>`
      }
      <section>
        <h2>What was taken for what</h2>
        ${confusionTable(counted, "said")} ${classTable(counted, "said")}
      </section>
      ${coefficientsHtml(outcome.coefficients, chart)}
      <section>
        <h2>The data</h2>
        ${dataHtml(outcome)}
      </section>
      <section>
        <h2>How it was learned</h2>
        ${facts(settingsRows(outcome))}
        ${learned.tried.length === 0 ? "" : chart("strength of the penalty", strengthChart(learned.tried))}
      </section>
      <section>
        <h2>How to use it</h2>
        ${usage(outcome)}
      </section>`,
    positive === null ? "" : sliderScript,
  );
}

const warningsHtml = ({ warnings }: Audit, { notes }: Intake): Html | string =>
  warnings.length + notes.length === 0
    ? ""
    : html`<section>
        <h2>To be looked at</h2>
        <ul class="warnings">
          ${notes.map((note) => html`<li>${note}</li>`)}
          ${warnings.map(
            ({ column, message }) =>
              html`<li>${column === null ? "" : html`<b>${column}</b> `}${message}</li>`,
          )}
        </ul>
      </section>`;

function figuresTable({ learned: { judged } }: FitOutcome): Html {
  const three = (x: number): string => x.toFixed(3);
  const rows: [string, Figure][] = [
    ["ROC area", judged.rocAuc],
    ["average precision", judged.averagePrecision],
    ["log loss", judged.logLoss],
    ["Brier score", judged.brier],
    ["accuracy", judged.accuracy],
    ["balanced accuracy", judged.balancedAccuracy],
    ["F1", judged.f1],
  ];
  return table(
    "figures of the test rows, and where they lie with 95 % confidence (bootstrap over these rows)",
    ["figure", "value", "from", "to"],
    [
      ...rows.map(([name, { value, low, high }]) => [name, ...[value, low, high].map(three)]),
      ["calibration error", three(judged.calibrationError), "", ""],
    ],
  );
}

function coefficientsHtml(
  coefficients: FitOutcome["coefficients"],
  chart: (name: string, svg: string) => Html,
): Html | string {
  if (coefficients === null) return "";
  return html`<section>
    <h2>What counts</h2>
    <p class="soft">
      Numbers were scaled to a standard deviation of 1, so that coefficients can be compared: by so
      much the log-odds grow where a column grows by one deviation, all else being the same.
      Categories stand against the others of their column. A variance inflation above 5 means that a
      column goes along with others, and its coefficient cannot be told from theirs; categories are
      compared with the most frequent one of their column, which has none.
    </p>
    ${coefficients.map(({ name, list }) => {
      const shown = list.filter(({ coefficient }) => coefficient !== 0);
      return html`${coefficients.length > 1 ? html`<h3>${name}</h3>` : ""}
        ${
          shown.length === 0
            ? html`<p>The penalty left no column.</p>`
            : html`<div class="charts">
                ${chart(`coefficients for “${name}”`, coefficientChart(shown))}
                ${chart("odds ratios", oddsChart(shown))}
              </div>`
        }
        <details>
          <summary>the numbers</summary>
          ${table(
            `coefficients for ${name}`,
            ["column", "coefficient", "odds ratio", "variance inflation"],
            list.map(({ name: column, coefficient, inflation }) => [
              column,
              coefficient.toFixed(4),
              Math.exp(coefficient).toPrecision(4),
              Number.isFinite(inflation)
                ? inflation.toFixed(1)
                : inflation === Infinity
                  ? "∞"
                  : "–",
            ]),
          )}
        </details>`;
    })}
  </section>`;
}

const dataHtml = ({ intake, learned: { audit, trainRows, testRows } }: FitOutcome): Html =>
  html`<p>
      ${count(trainRows)} rows to learn from, ${count(testRows)} to test on.
      ${audit.classes.map(({ name, count: n }) => `${name}: ${percent(n / audit.rows, 1)}`).join(", ")}.
      ${intake.excluded.length > 0 ? `Excluded: ${intake.excluded.join(", ")}.` : ""}
    </p>
    ${table(
      "columns, judged by the rows to learn from; alone: the ROC area of what the column alone tells",
      ["column", "type", "becomes", "different", "missing", "alone", "most frequent"],
      audit.columns.map(({ name, type, role, why, distinct, missing, alone, examples }) => [
        name,
        type,
        why === null ? role : `${role}: ${why}`,
        count(distinct),
        missing === 0 ? "–" : percent(missing / audit.rows, 1),
        alone === null ? "–" : alone.toFixed(3),
        examples.map((text) => (text.length > 24 ? `${text.slice(0, 24)}…` : text)).join(", "),
      ]),
      [1, 2, 6],
    )}`;

function settingsRows({ intake, options, learned }: FitOutcome): [string, string][] {
  const { threshold, bestC, tried, seconds } = learned;
  const version = versions();
  return [
    ["file", intake.file],
    ["target", intake.target],
    ...(intake.positive === null
      ? []
      : ([["looked for", `“${intake.positive}”, ${intake.positiveReason}`]] as [string, string][])),
    [
      "model",
      options.model === "mlp"
        ? "a network with a hidden layer"
        : `logistic regression, penalty ${options.penalty}`,
    ],
    ...(bestC === null
      ? []
      : ([["C", `${bestC}, the best of ${tried.length} in 5-fold cross-validation`]] as [
          string,
          string,
        ][])),
    ["calibration", calibrationText(learned.calibration, options)],
    ...(threshold === null
      ? []
      : ([
          [
            "threshold",
            `${threshold.threshold.toFixed(3)} for ${options.goal.about}` +
              (threshold.reached ? "" : ", which no threshold reaches: this one comes nearest"),
          ],
        ] as [string, string][])),
    ["seed", String(options.seed)],
    ["time", duration(seconds)],
    ["versions", `inkgrad ${version.inkgrad}, Node ${version.node}`],
  ];
}

/** "sigmoid, the least log loss (0.123) of none 0.124, sigmoid 0.123". */
const calibrationText = (
  { chosen, tried }: Learned["calibration"],
  { calibrate }: LearnOptions,
): string =>
  calibrate === "auto"
    ? `${chosen}: the least log loss in cross-validation of ` +
      tried.map(({ method, logLoss }) => `${method} ${logLoss.toFixed(4)}`).join(", ")
    : chosen;

function usage({ folder }: FitOutcome): Html {
  const path = join(relative(process.cwd(), folder), files.model);
  const program = [
    'import { csv } from "inkgrad/data";',
    'import { loadFitted } from "inkgrad/learn";',
    "",
    `const { fitted } = await loadFitted(${JSON.stringify(path)});`,
    'const table = await csv.read("new.csv");',
    "console.log(fitted.predictProba(table).toArray());",
  ].join("\n");
  return html`<p>In a shell:</p>
    <pre>${commandLine("predict", path, "new.csv")}</pre>
    <p>In a program:</p>
    <pre>${program}</pre>`;
}
