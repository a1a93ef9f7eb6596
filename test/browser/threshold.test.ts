import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { slider, sliderScript } from "@src/cli/fit/slider.js";
import { goalOf } from "@src/cli/fit/objective.js";
import { page } from "@src/cli/report/page.js";
import { launchChromium, serve, type Site, whyNoChromium, withPage } from "../support/chromium.js";

/** The threshold's slider in a report, moved in a browser. */

if (whyNoChromium !== undefined) console.log(`skipping the slider: ${whyNoChromium}`);

// Four of ten are positive; a score equal to the threshold counts as positive.
const scores = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1];
const truth = ["n", "n", "n", "y", "n", "y", "n", "y", "n", "y"];

describe.skipIf(whyNoChromium !== undefined)("the threshold's slider", () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    browser = await launchChromium();
    const goal = goalOf("cost@fp=1,fn=5");
    const body = slider({ truth, scores, positive: "y", negative: "n", threshold: 0.5, goal });
    site = await serve(new Map([["report.html", page("a report", body, sliderScript)]]));
  }, 60_000);
  afterAll(async () => {
    site?.close();
    await browser?.close();
  });

  it("shows at each threshold what would have been said, and the figures that follow", async () => {
    const shown = await withPage(browser, `${site.url}report.html`, async (at) => {
      const read = async () =>
        Object.fromEntries(
          await Promise.all(
            ["at", "tp", "fp", "fn", "tn", "precision", "recall", "f1", "cost"].map(
              async (id): Promise<[string, string | null]> => [
                id,
                await at.locator(`#${id}`).textContent(),
              ],
            ),
          ),
        );
      const list = [await read()];
      for (const value of ["0", "61", "200"]) {
        await at.locator("#threshold").fill(value);
        list.push(await read());
      }
      return list;
    });
    expect(shown).toEqual([
      {
        at: "0.500",
        tp: "3",
        fp: "2",
        fn: "1",
        tn: "4",
        ...shares("60.0", "75.0", "66.7"),
        cost: "0.700",
      },
      {
        at: "0.000",
        tp: "4",
        fp: "6",
        fn: "0",
        tn: "0",
        ...shares("40.0", "100.0", "57.1"),
        cost: "0.600",
      },
      {
        at: "0.305",
        tp: "3",
        fp: "3",
        fn: "1",
        tn: "3",
        ...shares("50.0", "75.0", "60.0"),
        cost: "0.800",
      },
      {
        at: "1.000",
        tp: "1",
        fp: "0",
        fn: "3",
        tn: "6",
        ...shares("100.0", "25.0", "40.0"),
        cost: "1.500",
      },
    ]);
  });
});

const shares = (precision: string, recall: string, f1: string) => ({
  precision: `${precision} %`,
  recall: `${recall} %`,
  f1: `${f1} %`,
});
