import { isInteger } from "../../base/dtype.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Callback } from "./callback.js";

/**
 * Ends training when the loss of a batch is not finite, and says where and what to try. `fit` has it
 * without being asked. No checkpoint is written of what is spoiled: the last sound one stays.
 */
export const stopOnNaN = (): Callback => ({
  name: "stopOnNaN",
  onBatchEnd({ epoch, batch, loss, learningRate }, run) {
    if (Number.isFinite(loss)) return;
    const { x, y } = run.examples();
    const at = `the loss of batch ${batch + 1} in epoch ${epoch + 1} is ${loss}`;
    const where = !isFinite(x) ? "inputs" : !isFinite(y) ? "targets" : null;
    run.stop(
      where === null
        ? `${at}, though its inputs and targets are finite: lower the learning rate (it was ` +
            `${learningRate}), clip gradients, or scale the inputs to about −1…1`
        : `${at}: its ${where} are not finite; look for NaN and empty cells in the data`,
      { spoiled: true },
    );
  },
});

const isFinite = (x: Tensor): boolean =>
  isInteger(x.dtype) || x.dtype === "bool" || Number.isFinite(x.cast("f64").mul(0).sum().item());
