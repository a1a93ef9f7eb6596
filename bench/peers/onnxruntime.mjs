/** onnxruntime-node, on a model that PyTorch wrote: inference only. */
import ort from "onnxruntime-node";
import { existsSync } from "node:fs";
import { absent, callsPerSecond, report, task } from "../harness/child.mjs";
import { randomFloats } from "../harness/data.mjs";

const { file, batch, threads } = task;
if (!existsSync(file)) absent("needs PyTorch, to write its model");

const session = await ort.InferenceSession.create(file, {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionProviders: ["cpu"],
});
const x = new ort.Tensor("float32", randomFloats(batch * 784), [batch, 1, 28, 28]);
report({ "": 1000 / (await callsPerSecond(() => session.run({ x }))) }, { threads });
process.exit(0);
