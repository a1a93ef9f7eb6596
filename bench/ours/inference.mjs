/** Milliseconds for the logits of a batch, read. */
import { tensor } from "../../packages/inkgrad/dist/index.js";
import { callsPerSecond, report, task } from "../harness/child.mjs";
import { randomFloats } from "../harness/data.mjs";
import { compile, threads } from "./library.mjs";
import { networks } from "./networks.mjs";

const { model, batch } = task;
const network = networks[model];
const params = network.init();
const predict = compile((p, x) => network.logits(p, x));
const x = tensor(randomFloats(batch * 784), { shape: [batch, ...network.input] });
report({ "": 1000 / (await callsPerSecond(() => predict(params, x).toArray())) }, { threads });
