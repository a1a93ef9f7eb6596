import { stat } from "node:fs/promises";
import { count, percent } from "../output/format.js";
import type { Output } from "../output/output.js";
import { loadModelFile } from "../run/model-file.js";
import type { Intake } from "../run/pictures-in.js";

/** `inkgrad info MODEL`. */
export async function info(name: string, output: Output): Promise<void> {
  const { path, trained, classes, intake, origin } = await loadModelFile(name);
  const { size } = await stat(path);
  const summary = trained.summary();
  const rows: [string, string][] = [
    ["file", `${path}, ${count(size)} bytes`],
    ["classes", classes.join(", ")],
    ["takes", takes(intake)],
  ];
  if (origin !== undefined)
    rows.push(
      ["recipe", `${origin.model}, ${origin.epochs} epochs, seed ${origin.seed}`],
      ["data", origin.trainedOn],
      ["test", `${percent(origin.testAccuracy)} right when it was trained`],
    );
  for (const [name, text] of rows) output.say(`${output.colours.dim(name.padEnd(8))} ${text}`);
  output.say();
  output.say(summary.toString());
  output.result({
    path,
    sizeBytes: size,
    classes,
    input: trained.input,
    intake,
    parameters: summary.trainable,
    multiplyAdds: summary.multiplyAdds,
    layers: summary.layers,
    origin: origin ?? null,
  });
}

const takes = (intake: Intake): string =>
  intake.kind === "characters"
    ? "pictures of one character, of any size, dark on light or light on dark"
    : `${intake.channels === "grey" ? "grey" : "colour"} pictures, brought to ${intake.size.join(" × ")} pixels`;
