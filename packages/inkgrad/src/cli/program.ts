import { Command, Option } from "commander";
import type { DataDigitsOptions } from "./commands/data-digits.js";
import type { EvaluateOptions } from "./commands/evaluate.js";
import type { FitCommandOptions } from "./commands/fit.js";
import type { PredictOptions } from "./commands/predict.js";
import type { ImagesOptions } from "./commands/train-images.js";
import type { TuneOptions } from "./commands/tune-digits.js";
import { failureOf } from "./errors.js";
import { modelNames } from "./names.js";
import { createOutput, type Output } from "./output/output.js";
import { number, whole } from "./parse.js";
import type { TrainOptions } from "./run/settings.js";
import { versions } from "./run/versions.js";

/** The command's grammar. What a command does is loaded when it is called. */

/** Runs the command; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  // Before the arguments are understood, too: a mistake in them is reported as was asked.
  const output = createOutput({ json: args.includes("--json") });
  try {
    await program(output).parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    output.redraw("");
    const { exitCode, text, result } = failureOf(error);
    if (text !== "") output.warn(text);
    if (exitCode !== 0) output.result(result);
    return exitCode;
  }
}

function program(output: Output): Command {
  const root = new Command("inkgrad")
    .description("Trains, judges and uses readers of handwritten characters and other pictures.")
    .version(versions().inkgrad)
    .exitOverride()
    .configureOutput({
      // Help that was asked for is for people, too.
      writeOut: (text) => output.say(text.trimEnd()),
      writeErr: (text) => output.warn(text.trimEnd()),
      getOutHasColors: () => output.colours.isColorSupported,
      getErrHasColors: () => output.colours.isColorSupported,
    })
    .showHelpAfterError("(add --help for the options)")
    .showSuggestionAfterError();
  addTrain(root, output);
  addFit(root, output);
  addUse(root, output);
  addData(root, output);
  addTune(root, output);
  return root;
}

const json = (command: Command): Command =>
  command.option("--json", "print one machine-readable result on stdout, all else on stderr");

const trainingOptions = (command: Command): Command =>
  json(
    command
      .addOption(
        new Option("--model <name>", 'which network (default: "cnn")').choices([...modelNames]),
      )
      .option(
        "--epochs <n>",
        "how often all examples are gone through (default: by model)",
        whole(1),
      )
      .option("--batch <n>", "examples of a step (default: 128)", whole(1))
      .option("--lr <rate>", "the greatest learning rate (default: by model)", number({ above: 0 }))
      .option("--optimizer <name>", "what changes the weights: sgd, momentum, … (default: adam)")
      .option("--augment", "learn from pictures that are turned, shifted and distorted")
      .option("--no-augment", "learn from the pictures as they are")
      .option("--seed <n>", "for all that is random (default: 0)", whole(0))
      .option("--threads <n>", "how many threads compute (default: all cores)", whole(1))
      .option("--held-out <n>", "training images kept for curves (default: 1 in 60)", whole(0))
      .option("--limit <n>", "take only the first training images, for a quick trial", whole(1))
      .option("--out <folder>", "where the results go (default: a new folder in runs/)")
      .option(
        "--resume",
        "go on with the run in --out, or else with the last that was ended early",
      ),
  );

function addTrain(root: Command, output: Output): void {
  const train = root.command("train").description("train a network and report how well it reads");
  trainingOptions(
    train
      .command("digits")
      .description("handwritten digits: MNIST, or the built-in generator where it cannot be had")
      .option(
        "--data <where>",
        'folder of MNIST\'s IDX files, or its parent; "generated": the built-in generator',
      ),
  ).action(async (options: TrainOptions) => {
    const { trainDigits } = await import("./commands/train-digits.js");
    await trainDigits(options, output);
  });
  trainingOptions(
    train
      .command("images")
      .description(
        "pictures of your own: a folder with a folder of PNG or JPEG files for each class",
      )
      .argument(
        "[folder]",
        "the classes; or folders train and test with the classes in each (not needed with --resume)",
      )
      .option("--size <n>", "pixels of a side that pictures are brought to (default: 32)", whole(8))
      .option("--grey", "in grey, not in colours")
      .option("--characters", "pictures of one character each: cropped, scaled and centred"),
  ).action(async (folder: string | undefined, options: ImagesOptions) => {
    const { trainImages } = await import("./commands/train-images.js");
    await trainImages(folder, options, output);
  });
}

function addFit(root: Command, output: Output): void {
  json(
    root
      .command("fit")
      .description(
        "learn to tell classes apart from a table: a calibrated, explained classifier and a report",
      )
      .argument("<file.csv>", "the table, as it was found")
      .requiredOption("--target <column>", "the column that is to be told from the others")
      .option("--positive <value>", "of two classes the one that is looked for")
      .addOption(
        new Option("--model <name>", "what learns")
          .choices(["logistic", "mlp"])
          .default("logistic"),
      )
      .addOption(
        new Option("--penalty <name>", "what keeps the coefficients of logistic small")
          .choices(["l2", "l1", "elasticNet", "none"])
          .default("l2"),
      )
      .option(
        "--test-fraction <share>",
        "of the rows, put aside to judge by",
        number({ above: 0, below: 1 }),
        0.2,
      )
      .option(
        "--optimise <goal>",
        "what the threshold is chosen for: f1, f2, accuracy, balanced, cost, cost@fp=1,fn=5, recall@p=.8, precision@r=.9",
        "f1",
      )
      .addOption(
        new Option("--calibrate <how>", "make probabilities mean what they say")
          .choices(["auto", "sigmoid", "isotonic", "temperature", "none"])
          .default("auto", "what cross-validation finds best"),
      )
      .option("--exclude <columns>", "leave out, separated by commas", list)
      .option("--seed <n>", "for all that is random", whole(0), 0)
      .option("--delimiter <character>", "between values (default: found out)")
      .option("--no-header", "the first line is a row; columns are called column1, column2, …")
      .option("--na <texts>", "what stands for a missing value, separated by commas", list)
      .option("--threads <n>", "how many threads compute (default: all cores)", whole(1))
      .option("--out <folder>", "where the results go (default: a new folder in runs/)"),
  ).action(async (file: string, options: FitCommandOptions) => {
    const { fit } = await import("./commands/fit.js");
    await fit(file, options, output);
  });
}

const list = (text: string): string[] => text.split(",").map((part) => part.trim());

const modelArgument =
  'a .safetensors file, the folder of a run, or "digits": the one that comes along';

function addUse(root: Command, output: Output): void {
  json(
    root
      .command("evaluate")
      .description("how well a model reads pictures it has not learned from")
      .argument("<model>", modelArgument)
      .option("--data <folder>", "MNIST's IDX files, or a folder of pictures for each class")
      .option("--threads <n>", "how many threads compute (default: all cores)", whole(1)),
  ).action(async (model: string, options: EvaluateOptions) => {
    const { evaluate } = await import("./commands/evaluate.js");
    await evaluate(model, options, output);
  });
  json(
    root
      .command("predict")
      .description(
        "read pictures (PNG or JPEG, of any size, dark on light or light on dark), or the rows of a table (CSV)",
      )
      .usage("[options] [model] <files...>")
      .argument(
        "<files...>",
        `the pictures, or a table; before them, the model: ${modelArgument} (default)`,
      )
      .option("--top <n>", "how many classes are shown (default: 3)", whole(1))
      .option("--show", "draw what the model sees")
      .option("--out <file.csv>", "of a table: where predictions go (default: they are printed)"),
  ).action(async (files: string[], options: PredictOptions) => {
    const { predict } = await import("./commands/predict.js");
    await predict(files, options, output);
  });
  json(
    root
      .command("info")
      .description("what a model is made of, what it takes, and where it comes from")
      .argument("<model>", modelArgument),
  ).action(async (model: string) => {
    const { info } = await import("./commands/info.js");
    await info(model, output);
  });
}

function addData(root: Command, output: Output): void {
  const data = root.command("data").description("look at data");
  json(
    data
      .command("digits")
      .description("handwritten digits: where they come from, and a sheet of them")
      .option("--data <where>", 'folder of MNIST\'s IDX files; "generated": the built-in generator')
      .option("--sample <file.png>", "write a sheet with the first of each class")
      .option("--count <n>", "pictures of each class on the sheet (default: 20)", whole(1)),
  ).action(async (options: DataDigitsOptions) => {
    const { dataDigits } = await import("./commands/data-digits.js");
    await dataDigits(options, output);
  });
}

function addTune(root: Command, output: Output): void {
  const tune = root.command("tune").description("search for settings that learn well");
  json(
    tune
      .command("digits")
      .description("on a held-out part of the training images; the worse trials are given up early")
      .addOption(
        new Option("--model <name>", 'which network (default: "cnn")').choices([...modelNames]),
      )
      .option("--trials <n>", "how many settings are tried (default: 12)", whole(1))
      .option("--minutes <n>", "begin no trial after so long", number({ above: 0 }))
      .option("--seed <n>", "for all that is random (default: 0)", whole(0))
      .option("--threads <n>", "how many threads compute (default: all cores)", whole(1))
      .option("--data <where>", 'folder of MNIST\'s IDX files; "generated": the built-in generator')
      .option("--limit <n>", "take only the first training images", whole(4))
      .option("--held-out <n>", "training images to judge by (default: 5000)", whole(1))
      .option("--out <folder>", "where the trials go (default: a new folder in runs/)")
      .option("--resume", "go on with the search in --out"),
  ).action(async (options: TuneOptions) => {
    const { tuneDigits } = await import("./commands/tune-digits.js");
    await tuneDigits(options, output);
  });
}
