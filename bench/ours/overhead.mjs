/** What a call costs apart from computing: `task.part` is "first" (milliseconds) or "cached" (µs). */
import { tensor } from "../../packages/inkgrad/dist/index.js";
import { callsPerSecond, report, task } from "../harness/child.mjs";
import { compile, threads } from "./library.mjs";
import { training } from "./train-step.mjs";

const parts = {
  /** A training step of m1 that was never made before: traced, compiled and run once. */
  first() {
    const step = training("m1", 64, 64);
    const start = performance.now();
    step();
    return performance.now() - start;
  },

  /** One number added to four: as good as nothing to do. */
  async cached() {
    const x = tensor([1, 2, 3, 4]);
    const addOne = compile((x) => x.add(1));
    const calls = 100;
    const rate = await callsPerSecond(() => {
      for (let i = 0; i < calls; i++) addOne(x).toArray();
    });
    return 1e6 / (rate * calls);
  },
};

report({ "": await parts[task.part]() }, { threads });
