import type { BatchEvent, Callback } from "../nn/callbacks/callback.js";
import { clock, count, figure, percent } from "./output/format.js";
import type { Output } from "./output/output.js";

/** What is shown of a training while it goes on. */

/** Redraws are at least this far apart. */
const redrawMs = 100;
/** Without a terminal there is a line an epoch, and one in this time. */
const lineMs = 10_000;

/** A live bar in a terminal, lines elsewhere. */
export function progress(output: Output): Callback {
  let startedAt = 0;
  let drawnAt = 0;
  let done = 0;
  let stepsAtStart = 0;
  const rate = (): number => done / Math.max((performance.now() - startedAt) / 1000, 1e-9);
  return {
    name: "progress",
    onTrainBegin(run) {
      startedAt = drawnAt = performance.now();
      stepsAtStart = run.epoch * (run.batches ?? 0) + run.batch;
    },
    onBatchEnd(event, run) {
      done += event.count;
      const now = performance.now();
      if (now - drawnAt < (output.live ? redrawMs : lineMs)) return;
      drawnAt = now;
      const { batches } = run;
      const position = event.epoch * (batches ?? 0) + event.batch + 1;
      const left =
        batches === undefined
          ? NaN
          : ((now - startedAt) / 1000 / (position - stepsAtStart)) *
            (run.epochs * batches - position);
      const text = line(event, { epochs: run.epochs, batches, rate: rate(), left }, output);
      if (output.live) output.redraw(text);
      else output.say(text);
    },
    onEpochEnd({ epoch, train, validation, seconds }, run) {
      const held =
        validation === undefined
          ? ""
          : `  held out: loss ${figure(validation.loss)}, accuracy ${percent(validation.accuracy)}`;
      const { bold } = output.colours;
      const head = bold(
        `epoch ${String(epoch + 1).padStart(String(run.epochs).length)}/${run.epochs}`,
      );
      output.redraw("");
      output.say(
        `${head}  loss ${figure(train.loss)}  accuracy ${percent(train.accuracy)}${held}  ${clock(seconds)}`,
      );
      drawnAt = output.live ? 0 : performance.now();
    },
    onTrainEnd() {
      output.redraw("");
    },
  };
}

interface Place {
  readonly epochs: number;
  readonly batches: number | undefined;
  readonly rate: number;
  readonly left: number;
}

function line(event: BatchEvent, { epochs, batches, rate, left }: Place, output: Output): string {
  const { loss, accuracy } = event.figures();
  const share = batches === undefined ? 0 : (event.batch + 1) / batches;
  const parts = [
    `epoch ${event.epoch + 1}/${epochs}`,
    `loss ${figure(loss)}`,
    `accuracy ${percent(accuracy)}`,
    `${count(rate)}/s`,
    `${clock(left)} left`,
  ];
  if (!output.live) return `${parts.join("  ")}  (${Math.round(share * 100)} % of the epoch)`;
  const text = fitting(parts, output.columns - 1);
  const room = Math.min(output.columns - text.length - 3, 24);
  return room < 6 ? text : `${bar(share, room, output)} ${text}`;
}

/** What is left out first where a line is too short: the samples a second, the loss, the epoch. */
const leastWanted = [3, 1, 0, 2];

function fitting(parts: readonly string[], width: number): string {
  for (let out = 0; out <= leastWanted.length; out++) {
    const text = parts.filter((_, i) => !leastWanted.slice(0, out).includes(i)).join("  ");
    if (text.length <= width) return text;
  }
  return "";
}

function bar(share: number, width: number, { colours }: Output): string {
  const full = Math.round(share * width);
  return colours.cyan("━".repeat(full)) + colours.dim("─".repeat(width - full));
}
