import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, serve, type Site, whyNoChromium, withPage } from "../support/chromium.js";
import { type Bundle, bundlePage } from "./bundle.js";
import { distort, type Loaded } from "./data-page.js";

/** Data sets, loaders and transforms in a browser. */

const worker = `export const squares = ({ failAt }) => (rows) => {
  if (rows.includes(failAt)) throw new RangeError("row " + failAt + " is bad");
  return { x: { data: Float32Array.from(rows, (i) => i * i), shape: [rows.length, 1] }, y: rows };
};`;
let bundle: Bundle;

beforeAll(async () => {
  bundle = await bundlePage("data-page");
}, 120_000);

it("the bundle is built without a warning, and has nothing of Node in it", () => {
  expect(bundle.warnings).toEqual([]);
  expect(bundle.builtins).toEqual([]);
});

describe.skipIf(whyNoChromium !== undefined)("in headless Chromium", () => {
  let browser: Browser | undefined;
  let site: Site | undefined;
  const inPage = <T>(use: (page: Page) => Promise<T>): Promise<T> =>
    withPage(browser!, site!.url, use);

  beforeAll(async () => {
    browser = await launchChromium();
    site = await serve(new Map([...bundle.files, ["squares.js", worker]]));
  }, 120_000);
  afterAll(async () => {
    site?.close();
    await browser?.close();
  });

  it("workers make batches, which come in order", async () => {
    const { rows, x, error } = await inPage((page) =>
      page.evaluate<Loaded>("load('/squares.js', -1)"),
    );
    expect(error).toBeNull();
    expect([...rows].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(x).toEqual(rows.map((row) => [row * row]));
  });

  it("an error in a worker, or a module that is not there, says at which batch", async () => {
    const { error, rows } = await inPage((page) => page.evaluate<Loaded>("load('/squares.js', 5)"));
    expect(error).toBe(
      `InkgradError: DataLoader: batch ${rows.length / 4} of epoch 1: RangeError: row 5 is bad`,
    );
    const missing = await inPage((page) => page.evaluate<Loaded>("load('/none.js', -1)"));
    expect(missing.error).toMatch(/batch 0 of epoch 1: TypeError: .*none\.js/);
  });

  it("images are distorted to the same bits as in Node", async () => {
    expect(await inPage((page) => page.evaluate<number[]>("distort()"))).toEqual(await distort());
  });
});
