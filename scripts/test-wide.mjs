// Runs the conformance suite and the tests of 256-bit vectors on the newer Node of bench/package.json,
// which has them; the usual one may not.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const node = `${root}bench/node_modules/node24/bin/node`;
if (!existsSync(node)) {
  console.error('There is no newer Node yet: run "npm --prefix bench ci" first.');
  process.exit(1);
}
const files = ["test/conformance/wasm-wide.test.ts", "test/unit/wasm/wide.test.ts"];
const vitest = `${root}node_modules/vitest/vitest.mjs`;
const { status } = spawnSync(node, [vitest, "run", ...files], { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);
