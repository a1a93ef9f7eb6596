import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { bundledSize } from "../../bench/ours/bundled-size.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("all of the core is less than 125 KB for a page, minified and gzipped (120 is the aim)", async () => {
  const bytes = await bundledSize(`${root}packages/inkgrad/src/index.ts`, root);
  // Bundled at all?
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(125_000);
});
