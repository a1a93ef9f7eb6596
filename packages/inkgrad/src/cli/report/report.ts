import { join, relative } from "node:path";
import { recipes } from "../models.js";
import { clock, count, duration, figure, percent } from "../output/format.js";
import { commandLine } from "../output/shell.js";
import { files } from "../run/folder.js";
import type { Intake } from "../run/pictures-in.js";
import type { Outcome } from "../run/train.js";
import { versions } from "../run/versions.js";
import { type Html, html } from "./html.js";
import { page } from "./page.js";
import {
  bigFigures,
  classTable,
  confusionTable,
  curves,
  facts,
  mistakePictures,
} from "./sections.js";

/** Pictures of mistakes in the report. */
const mistakesShown = 40;

/** `report.html` of a training. */
export function reportHtml(outcome: Outcome): string {
  const { request, judgement, trained, trainSeconds, samplesPerSecond, summary } = outcome;
  const { data, settings, command } = request;
  const title = `${settings.model} on ${data.id}: ${percent(judgement.accuracy)}`;
  return page(
    title,
    html`<h1>${title}</h1>
      <p class="soft">
        inkgrad ${command}, ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC.
        ${data.about}.
      </p>
      ${bigFigures([
        ["test accuracy", percent(judgement.accuracy)],
        ["test loss", figure(judgement.loss)],
        [
          `${judgement.mistakes.length === 1 ? "mistake" : "mistakes"} in ${count(judgement.examples)}`,
          count(judgement.mistakes.length),
        ],
        ["training time", clock(trainSeconds)],
        ["parameters", count(summary.trainable)],
      ])}
      <section>
        <h2>Training</h2>
        ${curves(trained.history)}
      </section>
      <section>
        <h2>What was read for what</h2>
        ${confusionTable(judgement)}
      </section>
      <section>
        <h2>Class by class</h2>
        ${classTable(judgement)}
      </section>
      <section>
        <h2>Mistakes</h2>
        ${mistakePictures(judgement, data.test, data.classes, mistakesShown)}
      </section>
      <section>
        <h2>The model</h2>
        <p>${settings.model}: ${recipes[settings.model].about}.</p>
        <pre>${summary.toString()}</pre>
      </section>
      <section>
        <h2>How it was trained</h2>
        ${facts(settingsRows(outcome, samplesPerSecond))}
        <p class="soft">
          Choices such as these were made on a held-out part of the training images, never on the
          test images.
        </p>
      </section>
      <section>
        <h2>How to use it</h2>
        ${usage(outcome)}
      </section>`,
  );
}

function settingsRows(
  { request, trained, threads, trainSeconds }: Outcome,
  samplesPerSecond: number,
): [string, string][] {
  const { settings, data } = request;
  const version = versions();
  return [
    ["data", data.about],
    ["held out for curves", count(settings.heldOut)],
    ["epochs", `${trained.history.length} of ${settings.epochs}`],
    ["batch", String(settings.batch)],
    ["optimizer", `${settings.optimizer}, learning rate ${settings.lr}, ${settings.schedule}`],
    ["distorted pictures", settings.augment ? "yes" : "no"],
    ["averaged weights", settings.averaging === 0 ? "no" : String(settings.averaging)],
    ["seed", String(settings.seed)],
    ["time", `${duration(trainSeconds)}, ${count(samplesPerSecond)} images a second`],
    ["machine", `${process.platform} ${process.arch}, ${threads} threads`],
    ["versions", `inkgrad ${version.inkgrad}, Node ${version.node}`],
  ];
}

function usage({ request }: Outcome): Html {
  const path = join(relative(process.cwd(), request.folder), files.model);
  const shell = [
    commandLine("predict", path, "picture.png"),
    commandLine("evaluate", path, ...dataOf(request)),
    commandLine("info", path),
  ].join("\n");
  return html`<p>In a shell:</p>
    <pre>${shell}</pre>
    <p>In a program:</p>
    <pre>${program(path, request.settings.intake)}</pre>`;
}

/** Pictures of one's own have to be named. */
const dataOf = ({ data, settings }: Outcome["request"]): string[] =>
  data.id === "mnist" || settings.data === undefined ? [] : ["--data", settings.data];

/** A program that reads a picture as the command does. */
export function program(path: string, intake: Intake): string {
  const steps =
    intake.kind === "characters"
      ? [
          'const picture = await image.read("picture.png", { channels: "grey" });',
          "const input = stack([normalizeCharacter(picture)]);",
        ]
      : [
          `const picture = await image.read("picture.png", { channels: "${intake.channels}" });`,
          `const input = stack([transforms.resize([${intake.size.join(", ")}])(picture)]);`,
        ];
  return [
    'import { stack } from "inkgrad";',
    `import { image, ${intake.kind === "characters" ? "normalizeCharacter" : "transforms"} } from "inkgrad/data";`,
    'import { loadModel } from "inkgrad/nn";',
    "",
    `const model = await loadModel(${JSON.stringify(path)});`,
    ...steps,
    "const [probabilities] = model.predictProbabilities(input).toArray();",
    "console.log(model.classes, probabilities);",
  ].join("\n");
}
