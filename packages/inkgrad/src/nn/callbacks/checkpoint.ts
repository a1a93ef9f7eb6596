import type { Callback, CheckpointOptions } from "./callback.js";

/**
 * Writes all that is needed to go on to the same bits: every so many epochs, updates or seconds, and
 * when training ends. The same as fit's option `checkpoint`; more than one may be given. The file
 * before is kept as `….previous`.
 */
export const checkpoint = (options: CheckpointOptions): Callback => ({
  name: "checkpoint",
  checkpoint: options,
});
