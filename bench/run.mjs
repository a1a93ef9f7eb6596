/**
 * Measures the library against others. `npm run bench -- [options]`:
 *   --only m1,matmul    cases whose names begin so (default: all but `scaling`)
 *   --rounds 5          how often each is measured, in turn; medians count
 *   --threads 2         for those that can use them
 *   --node 20,24,24w    Node versions for ours: the running one, or one that bench/ has installed;
 *                       with a w: 256-bit vectors; with a d: deterministic
 *   --node-flags "…"    flags of the engine for ours
 *   --tries 2           how often at most a measurement is made if other work disturbs it
 *   --seconds 2         for each measurement, besides its warm-up
 *   --json FILE         writes the results there too
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { cases } from "./harness/cases.mjs";
import { compare } from "./harness/compare.mjs";
import { head, row } from "./harness/table.mjs";

const own = process.versions.node.split(".")[0];
const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
    threads: { type: "string", default: "2" },
    node: { type: "string", default: own },
    "node-flags": { type: "string", default: "" },
    tries: { type: "string", default: "2" },
    seconds: { type: "string", default: "2" },
    json: { type: "string" },
  },
});

const number = (name) => {
  const value = Number(options[name]);
  if (value > 0) return value;
  console.error(`--${name} needs a number above 0, got "${options[name]}"`);
  return process.exit(2);
};

const words = (text) => text.split(/[\s,]+/).filter((word) => word !== "");
const prefixes = options.only === undefined ? undefined : words(options.only);
const all = cases(number("threads"));
const chosen = all.filter(({ name }) =>
  prefixes === undefined
    ? !name.startsWith("scaling")
    : prefixes.some((prefix) => name.startsWith(prefix)),
);
if (chosen.length === 0) {
  const names = [...new Set(all.map(({ name }) => name))];
  console.error(`--only ${options.only} fits no case; there are: ${names.join(", ")}`);
  process.exit(2);
}

const flags = words(options["node-flags"]);
const settings = {
  engines: words(options.node).map((name) => ({
    name,
    version: name.replace(/[wd]$/, ""),
    wide: name.endsWith("w"),
    deterministic: name.endsWith("d"),
    flags,
  })),
  rounds: number("rounds"),
  tries: number("tries"),
  seconds: number("seconds"),
};

const results = [];
console.log(head());
for (const one of chosen) {
  for (const result of await compare(one, settings)) {
    console.log(row(result));
    results.push(result);
  }
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
}
if (results.some(({ ours }) => ours === undefined)) process.exitCode = 1;
