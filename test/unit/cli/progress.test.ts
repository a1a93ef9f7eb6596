// What is shown of a training while it goes on, in terminals of all widths.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createOutput } from "@src/cli/output/output.js";
import { progress } from "@src/cli/progress.js";
import { stream } from "../../support/stream.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** The last line that was drawn after 50 of 100 steps, of 128 examples and 20 ms each. */
function drawnAt(columns: number, isTTY = true): string {
  const stdout = stream({ isTTY, columns });
  const output = createOutput(
    { json: false },
    { stdout, stderr: stream(), env: { NO_COLOR: "1" } },
  );
  const shown = progress(output);
  const run = { epochs: 2, batches: 100, epoch: 0, batch: 0 } as never;
  void shown.onTrainBegin?.(run);
  for (let batch = 0; batch < 50; batch++) {
    vi.advanceTimersByTime(isTTY ? 20 : 250);
    const figures = () => ({ loss: 0.25, accuracy: 0.5 });
    void shown.onBatchEnd?.({ epoch: 0, batch, count: 128, figures } as never, run);
  }
  return stdout
    .text()
    .split(isTTY ? "\r\u001b[2K" : "\n")
    .filter((line) => line !== "")
    .at(-1)!;
}

describe("the live line", () => {
  it("has a bar, loss, accuracy, examples a second and the time left", () => {
    expect(drawnAt(80)).toMatch(
      /^━+─+ epoch 1\/2 {2}loss 0\.2500 {2}accuracy 50\.00 % {2}6,400\/s {2}0:03 left$/,
    );
  });

  it.each([10, 20, 30, 40, 50, 60, 72, 80, 200])(
    "never fills a line of %i columns, and leaves the time and the accuracy to the last",
    (columns) => {
      const line = drawnAt(columns);
      expect(line.length).toBeLessThan(columns);
      expect(line).toMatch(/0:03 left$/);
      if (columns >= 30) expect(line).toContain("accuracy 50.00 %");
    },
  );

  it("is a line now and then where there is no terminal", () => {
    expect(drawnAt(80, false)).toMatch(/0:\d\d left {2}\(40 % of the epoch\)$/);
  });
});
