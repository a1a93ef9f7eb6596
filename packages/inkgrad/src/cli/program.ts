import { Command, Option } from "commander";
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
      .option("--epochs <n>", "how often all examples are gone through", whole(1))
      .option("--batch <n>", "examples of a step", whole(1))
      .option("--lr <rate>", "the greatest learning rate", number({ above: 0 }))
      .option("--optimizer <name>", "what changes the weights, such as adam or sgd")
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
}
