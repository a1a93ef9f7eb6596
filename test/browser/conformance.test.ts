import type { Browser } from "playwright-core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everyCheck } from "../conformance/every-check.js";
import { launchChromium, serve, whyNoChromium, withPage } from "../support/chromium.js";
import { type Bundle, bundlePage } from "./bundle.js";
import { modesOf } from "./modes.js";
import type { Surroundings } from "./page.js";
import { type Outcome, work } from "./work.js";

/** The conformance suite, random graphs and a training run in a browser, against Node. */

if (whyNoChromium !== undefined) console.log(`skipping the suite in Chromium: ${whyNoChromium}`);

const isolating = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};
const reference = "wasm on one thread";
const seed = fc.readConfigureGlobal().seed ?? Date.now() % 2 ** 31;
const minutes = 60_000;

let bundle: Bundle;

beforeAll(async () => {
  bundle = await bundlePage();
}, 2 * minutes);

it("the bundle is built without a warning, and has nothing of Node in it", () => {
  expect(bundle.warnings).toEqual([]);
  expect(bundle.builtins).toEqual([]);
});

describe.skipIf(whyNoChromium !== undefined)("in headless Chromium", () => {
  let browser: Browser | undefined;
  let inNode: Outcome;

  beforeAll(async () => {
    browser = await launchChromium();
    inNode = await work(reference, seed);
  }, 2 * minutes);
  afterAll(() => browser?.close());

  it("Node itself passes", () => {
    expect(inNode.failures).toEqual([]);
    expect(inNode.programs).toBeGreaterThan(10 * everyCheck.length);
  });

  for (const isolated of [true, false])
    it(
      `a page that is ${isolated ? "" : "not "}isolated passes the suite and gives Node's bits (seed ${seed})`,
      async () => {
        const site = await serve(bundle.files, isolated ? isolating : {});
        try {
          await withPage(browser!, site.url, async (page) => {
            const surroundings = await page.evaluate<Surroundings>("surroundings()");
            expect(surroundings).toEqual({
              isolated,
              sharedMemory: isolated,
              ofNode: [],
              nameOfError: "ShapeError",
            });
            for (const mode of modesOf(isolated)) {
              const call = `work(${JSON.stringify(mode)}, ${seed})`;
              requireSame(await page.evaluate<Outcome>(call), inNode, mode);
            }
          });
        } finally {
          site.close();
        }
      },
      4 * minutes,
    );
});

function requireSame(got: Outcome, wanted: Outcome, mode: string): void {
  expect(got.failures, mode).toEqual([]);
  expect(got.checks, mode).toBe(everyCheck.length);
  expect(got.programs, mode).toBe(wanted.programs);
  wanted.graphs.forEach((graph, i) =>
    expect(got.graphs[i], `${mode}\n${graph.text}`).toEqual(graph),
  );
  expect(got.graphs).toHaveLength(wanted.graphs.length);
  expect(got.training, mode).toEqual(wanted.training);
}
