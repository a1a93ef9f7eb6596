/** Milliseconds by size: of a training step of m1 by batch, or of a square product by its side. */
import { tensor } from "../../packages/inkgrad/dist/index.js";
import { callsPerSecond, report, task } from "../harness/child.mjs";
import { randomFloats } from "../harness/data.mjs";
import { compile, threads } from "./library.mjs";
import { training } from "./train-step.mjs";

const multiply = compile((a, b) => a.matmul(b));

const works = {
  batch: (batch) => training("m1", batch, Math.max(4096, 2 * batch)),
  size(n) {
    const [a, b] = [0, 1].map(() => tensor(randomFloats(n * n), { shape: [n, n] }));
    return () =>
      multiply(a, b)
        .slice([
          [0, 1],
          [0, 1],
        ])
        .item();
  },
};

const values = {};
for (const n of task.points) values[n] = 1000 / (await callsPerSecond(works[task.by](n)));
report(values, { threads });
