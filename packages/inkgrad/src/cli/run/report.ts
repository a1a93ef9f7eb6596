import { join } from "node:path";
import { count, duration, figure, percent } from "../output/format.js";
import type { Output } from "../output/output.js";
import { commandLine } from "../output/shell.js";
import { type Grey, pictureGrid } from "../output/pictures.js";
import { textTable } from "../output/table.js";
import { reportHtml } from "../report/report.js";
import { files, writeText } from "./folder.js";
import type { Judgement } from "./judge.js";
import { picturesOf } from "./pictures.js";
import { type Outcome, resultOf } from "./train.js";

/** Tells what a training came to: on the terminal, as `report.html`, and as JSON. */
export async function report(outcome: Outcome, output: Output): Promise<void> {
  const { request, judgement, trainSeconds, samplesPerSecond } = outcome;
  const { data, folder } = request;
  const { bold } = output.colours;
  output.say(`trained in ${duration(trainSeconds)}, ${count(samplesPerSecond)} images a second\n`);
  sayJudgement(judgement, data.classes, output);
  const worst = judgement.mistakes.slice(0, worstShown);
  const pictures = await picturesOf(
    data.test,
    worst.map(({ row }) => row),
  );
  sayMistakes(judgement, pictures, data.classes, output);
  await writeText(folder, files.report, reportHtml(outcome));
  output.say();
  output.say(`${bold("report")}  ${join(folder, files.report)}`);
  output.say(`${bold("model")}   ${join(folder, files.model)}`);
  output.say(`To read a picture: ${commandLine("predict", folder, "FILE.png")}`);
  output.result(resultOf(outcome));
}

/** Pictures of mistakes in the terminal. */
const worstShown = 6;

/** The accuracy on a test set, and what was taken for what. */
export function sayJudgement(
  { accuracy, loss, examples, mistakes, confusion }: Judgement,
  classes: readonly string[],
  output: Output,
): void {
  const { bold, green } = output.colours;
  output.say(
    `${bold("test accuracy")} ${green(bold(percent(accuracy)))}  (${count(mistakes.length)} of ` +
      `${count(examples)} wrong), loss ${figure(loss)}`,
  );
  const rows = confusion.map((row, c) => [
    classes[c],
    ...row.map((n) => (n === 0 ? "·" : String(n))),
  ]);
  const table = textTable([["", ...classes], ...rows]);
  // Wider tables than the terminal cannot be read.
  if (table.split("\n").some((line) => line.length > output.columns)) return;
  output.say(`\nwhat it is (rows) and what was read (columns)\n${table}`);
}

function sayMistakes(
  { mistakes }: Judgement,
  pictures: readonly Grey[],
  classes: readonly string[],
  output: Output,
): void {
  if (mistakes.length === 0) return;
  const { colours, columns } = output;
  const labelled = pictures.map((picture, i) => {
    const { truth, said, confidence } = mistakes[i];
    return {
      picture,
      label: `${classes[truth]} read as ${classes[said]}, ${percent(confidence, 0)}`,
    };
  });
  output.say("\nthe worst mistakes");
  output.say(pictureGrid(labelled, { colours, columns }));
}
