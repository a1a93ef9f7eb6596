/** Samples a second in training. */
import { callsPerSecond, report, task } from "../harness/child.mjs";
import { rows } from "../harness/data.mjs";
import { threads } from "./library.mjs";
import { training } from "./train-step.mjs";

const { model, batch } = task;
const step = training(model, batch, rows);
let loss;
const rate = (await callsPerSecond(() => void (loss = step()))) * batch;
if (!(loss < 10)) throw new Error(`the training of ${model} diverged: its loss is ${loss}`);
report({ "": rate }, { threads, loss });
