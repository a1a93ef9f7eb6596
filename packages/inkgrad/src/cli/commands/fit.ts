import { join } from "node:path";
import { setThreads } from "../../backend/registry.js";
import type { Audit } from "../../learn/audit/index.js";
import type { PenaltyName } from "../../learn/linear/penalty.js";
import { saveFitted } from "../../learn/saving/file.js";
import { coefficientsOf } from "../fit/coefficients.js";
import { type Intake, readIntake } from "../fit/intake.js";
import { type Calibration, learn, type Learned } from "../fit/learn.js";
import { goalOf } from "../fit/objective.js";
import { fitReport } from "../fit/report.js";
import { count, duration, figure, percent } from "../output/format.js";
import type { Output } from "../output/output.js";
import { commandLine } from "../output/shell.js";
import { textTable } from "../output/table.js";
import { assertUnused, files, makeFolder, newFolder, writeText } from "../run/folder.js";
import { versions } from "../run/versions.js";

export interface FitCommandOptions {
  readonly target: string;
  readonly positive?: string;
  readonly model: "logistic" | "mlp";
  readonly penalty: PenaltyName;
  readonly testFraction: number;
  readonly optimise: string;
  readonly calibrate: Calibration | "auto";
  readonly exclude?: readonly string[];
  readonly seed: number;
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly na?: readonly string[];
  readonly threads?: number;
  readonly out?: string;
}

/** `inkgrad fit FILE.csv --target COLUMN`. */
export async function fit(file: string, options: FitCommandOptions, output: Output): Promise<void> {
  const goal = goalOf(options.optimise);
  if (options.threads !== undefined) setThreads(options.threads);
  if (options.out !== undefined) await assertUnused(options.out);
  const intake = await readIntake(file, options);
  const { model, penalty, testFraction, calibrate, seed } = options;
  sayIntake(intake, output);
  const settings = { model, penalty, testFraction, calibrate, goal, seed };
  const learned = await learn(intake, settings, {
    progress: (what) => output.say(output.colours.dim(`${what} …`)),
    onAudit: (audit) => sayAudit(audit, output),
  });
  const folder = options.out ?? (await newFolder(`fit-${nameOf(options.target)}`));
  await makeFolder(folder);
  const [modelPath, reportPath] = [join(folder, files.model), join(folder, files.report)];
  const result = resultOf(intake, learned, { modelPath, reportPath, seed });
  await saveFitted(modelPath, learned.fitted, aboutOf(intake, learned, options, result));
  const coefficients = coefficientsOf(learned.fitted, intake.table);
  await writeText(
    folder,
    files.report,
    fitReport({ intake, options: settings, learned, coefficients, folder }),
  );
  sayLearned(intake, learned, output);
  const { bold } = output.colours;
  output.say(`\n${bold("report")}  ${reportPath}`);
  output.say(`${bold("model")}   ${modelPath}`);
  output.say(`For new rows: ${commandLine("predict", folder, "NEW.csv")}`);
  output.result(result);
}

const nameOf = (target: string): string =>
  target
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 30) || "table";

/** What is kept beside the model, so that tables can be held against it. */
const aboutOf = (
  intake: Intake,
  { audit }: Learned,
  { exclude = [], delimiter, header, na }: FitCommandOptions,
  result: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => ({
  command: "fit",
  target: intake.target,
  excluded: exclude,
  columns: audit.columns
    .filter(({ role }) => role !== "left out")
    .map(({ name, type }) => ({ name, type })),
  leftOut: audit.columns.filter(({ role }) => role === "left out").map(({ name }) => name),
  reading: { delimiter: delimiter ?? null, header: header ?? true, na: na ?? null },
  versions: versions(),
  result,
});

function sayIntake(
  { file, target, table, classes, labels, positive, positiveReason, notes }: Intake,
  output: Output,
): void {
  const { dim } = output.colours;
  const row = (name: string, text: string): void => output.say(`${dim(name.padEnd(9))} ${text}`);
  row("file", `${file}: ${count(table.rows)} rows, ${table.names.length} columns`);
  const shares = classes.map((name) => {
    const own = labels.filter((label) => label === name).length;
    return `${name} ${percent(own / labels.length, 1)}`;
  });
  row("target", `${target}: ${shares.join(", ")}`);
  if (positive !== null) row("positive", `${positive}, ${positiveReason}`);
  for (const note of notes) output.warn(`note: ${note}`);
  output.say();
}

/** What becomes of each column, and what is to be looked at. */
function sayAudit(audit: Audit, output: Output): void {
  output.say(`the ${count(audit.rows)} rows to learn from:`);
  output.say(
    textTable(
      [
        ["column", "type", "becomes", "different", "missing"],
        ...audit.columns.map(({ name, type, role, why, distinct, missing }) => [
          name.length > 32 ? `${name.slice(0, 31)}…` : name,
          type,
          why === null ? role : `${role}: ${why}`,
          count(distinct),
          missing === 0 ? "·" : count(missing),
        ]),
      ],
      { left: [0, 1, 2] },
    ),
  );
  for (const { column, message } of audit.warnings)
    output.warn(`warning: ${column === null ? "" : `"${column}" `}${message}`);
  output.say();
}

function sayLearned({ positive }: Intake, learned: Learned, output: Output): void {
  const { bold, green, dim } = output.colours;
  const { judged, threshold, bestC, calibration } = learned;
  output.say();
  const figures: [string, string][] = [
    ["ROC area", between(judged.rocAuc, (x) => x.toFixed(4))],
    ["average precision", between(judged.averagePrecision, (x) => x.toFixed(4))],
    ["log loss", between(judged.logLoss, figure)],
    ["Brier score", between(judged.brier, figure)],
    ["accuracy", between(judged.accuracy, (x) => percent(x))],
    [positive === null ? "F1, mean of classes" : "F1", between(judged.f1, (x) => percent(x))],
    ["calibration error", judged.calibrationError.toFixed(4)],
  ];
  output.say(bold(`on ${count(learned.testRows)} rows that were put aside (with 95 % intervals)`));
  for (const [name, text] of figures) output.say(`  ${name.padEnd(20)} ${green(text)}`);
  if (threshold !== null)
    output.say(
      `  ${"threshold".padEnd(20)} ${threshold.threshold.toFixed(4)}${threshold.reached ? "" : " (no threshold reaches what was asked; this comes nearest)"}`,
    );
  if (bestC !== null) output.say(`  ${"C".padEnd(20)} ${bestC}`);
  output.say(`  ${"calibration".padEnd(20)} ${calibration.chosen}`);
  output.say();
  output.say(judged.report.toString());
  output.say(dim(`learned in ${duration(learned.seconds)}`));
}

const between = (
  { value, low, high }: { value: number; low: number; high: number },
  show: (x: number) => string,
): string => `${show(value)}  (${show(low)} to ${show(high)})`;

function resultOf(
  { file, target, table, classes, positive }: Intake,
  { judged, threshold, bestC, calibration, seconds, trainRows, testRows, audit }: Learned,
  paths: { readonly modelPath: string; readonly reportPath: string; readonly seed: number },
): Readonly<Record<string, unknown>> {
  return {
    file,
    target,
    rows: table.rows,
    trainRows,
    testRows,
    features: audit.columns.filter(({ role }) => role !== "left out").length,
    classes,
    positive,
    rocAuc: judged.rocAuc.value,
    averagePrecision: judged.averagePrecision.value,
    logLoss: judged.logLoss.value,
    brier: judged.brier.value,
    accuracy: judged.accuracy.value,
    balancedAccuracy: judged.balancedAccuracy.value,
    f1: judged.f1.value,
    calibrationError: judged.calibrationError,
    threshold: threshold === null ? null : threshold.threshold,
    thresholdReached: threshold === null ? null : threshold.reached,
    bestC,
    calibration: calibration.chosen,
    confusion: judged.confusion,
    warnings: audit.warnings,
    seconds,
    ...paths,
  };
}
