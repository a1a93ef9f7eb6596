// Enforces who may import whom under packages/inkgrad/src (see docs/architecture.md).
//   node scripts/check-layers.mjs [source folder]
// Prints one sentence per violation and exits with 1 if there is any.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, posix, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { importsOf } from "./imports-of.mjs";

/** From the top: a layer may import the layers on later lines; those on one line are siblings. */
const LAYERS = [
  ["cli"],
  ["learn"],
  ["nn"],
  ["data"],
  ["tensor"],
  ["compile", "grad"],
  ["backend"],
  ["graph"],
  ["ops"],
  ["base"],
];

/** Stands aside of that order: it may import only what is listed, and only the top may import it. */
const ASIDE = { track: { imports: ["base"], importedBy: ["cli"] } };

const IMPLEMENTATIONS = ["reference", "wasm", "webgpu", "native"];
/**
 * Implementations that the registry may import at once, since values are read synchronously on
 * them; all others by `await import(…)`.
 */
const EAGER = ["reference", "wasm"];

const rankOf = new Map(LAYERS.flatMap((names, rank) => names.map((name) => [name, rank])));

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(process.argv[2] ?? join(here, "../packages/inkgrad/src"));
const files = readdirSync(root, { recursive: true })
  .map((path) => path.split(sep).join("/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
  .sort();

const violations = [];
const valueImports = new Map();
for (const file of files) checkFile(file);
violations.push(...cycles(valueImports));

for (const violation of violations) console.error(violation);
if (violations.length > 0) {
  console.error(`check-layers: ${violations.length} violation(s) in ${files.length} files`);
  process.exit(1);
}
console.log(`check-layers: ${files.length} files, every import goes down and none in a circle`);

function checkFile(file) {
  const layer = layerOf(file);
  if (layer === undefined && file !== "index.ts") {
    violations.push(
      `${file} lies in no layer: move it into one (${[...rankOf.keys(), ...Object.keys(ASIDE)].join(", ")}).`,
    );
    return;
  }
  const targets = new Set();
  for (const { specifier, kind } of importsOf(readFileSync(join(root, file), "utf8"))) {
    const why = whyNot(file, layer, specifier, kind);
    if (why !== undefined) {
      violations.push(`${file} imports "${specifier}", which is not allowed: ${why}.`);
    }
    if (kind === "value" && specifier.startsWith(".")) targets.add(resolved(file, specifier));
  }
  valueImports.set(file, [...targets]);
}

/** The reason why `file` may not import `specifier`, or undefined when it may. */
function whyNot(file, layer, specifier, kind) {
  if (/^(inkgrad|@src)(\/|$)/.test(specifier)) return "source files import by relative path";
  if (!specifier.startsWith(".")) return whyNotForeign(layer, specifier, kind);
  const target = resolved(file, specifier);
  if (target.startsWith("../")) return "it lies outside the source folder";
  if (file === "index.ts") return undefined;
  if (target === "index.ts") return "index.ts gathers the public names, nothing imports it";
  const targetLayer = layerOf(target);
  if (targetLayer === undefined) return "it lies in no layer";
  if (layer !== targetLayer)
    return whyNotLayer(layer, targetLayer) ?? whyNotBackend(file, target, kind);
  return layer === "backend" ? whyNotBackend(file, target, kind) : undefined;
}

/** Packages are for what surrounds the core; Node's modules must not be in the way of a browser. */
function whyNotForeign(layer, specifier, kind) {
  if (layer === "cli" || kind === "type") return undefined;
  if (specifier.startsWith("node:"))
    return "bundlers for pages would follow it; the files data/system*.ts ask process.getBuiltinModule";
  return ["data", "learn"].includes(layer)
    ? undefined
    : `${layer ?? "index.ts"} has no dependencies; packages are for data, learn and cli`;
}

function whyNotLayer(layer, targetLayer) {
  if (layer in ASIDE) {
    const { imports } = ASIDE[layer];
    return imports.includes(targetLayer)
      ? undefined
      : `${layer} stands aside and may import only ${imports.join(", ")}, not ${targetLayer}`;
  }
  if (targetLayer in ASIDE) {
    return ASIDE[targetLayer].importedBy.includes(layer)
      ? undefined
      : `${layer} may not know ${targetLayer}, which is reached through callbacks`;
  }
  const rank = rankOf.get(layer);
  const targetRank = rankOf.get(targetLayer);
  if (targetRank === rank) return `${layer} and ${targetLayer} are siblings`;
  return targetRank > rank
    ? undefined
    : `${targetLayer} is above ${layer}, and imports go down only`;
}

/** The rules about backend implementations: siblings, named by the registry alone, lazily. */
function whyNotBackend(file, target, kind) {
  const from = implementationOf(file);
  const to = implementationOf(target);
  if (from !== undefined && target === "backend/registry.ts") {
    return "the registry knows the implementations, they do not know it";
  }
  if (to === undefined || to === from) return undefined;
  if (from !== undefined) return `the backends ${from} and ${to} are siblings`;
  if (file !== "backend/registry.ts") {
    return `only backend/registry.ts names implementations such as ${to}`;
  }
  if (kind === "value" && !EAGER.includes(to)) {
    return `the registry loads ${to} lazily, with await import("…")`;
  }
  return undefined;
}

function layerOf(file) {
  const [first, ...rest] = file.split("/");
  return rest.length > 0 && (rankOf.has(first) || first in ASIDE) ? first : undefined;
}

function implementationOf(file) {
  const [layer, name, ...rest] = file.split("/");
  if (layer !== "backend" || name === undefined) return undefined;
  if (rest.length > 0) return name;
  const stem = name.replace(/\.ts$/, "");
  return IMPLEMENTATIONS.includes(stem) ? stem : undefined;
}

function resolved(file, specifier) {
  const path = posix.normalize(posix.join(posix.dirname(file), specifier));
  return path.replace(/\.js$/, ".ts");
}

/** One sentence per group of files that import each other in a circle (values only). */
function cycles(graph) {
  const sentences = [];
  for (const group of components(graph)) {
    const [start] = group;
    const circle = shortestCircle(graph, start, new Set(group));
    if (circle !== undefined) {
      sentences.push(
        `${start} is part of an import cycle: ${circle.join(" → ")}. Move what they share into ` +
          'one file, or use "import type" where only types are needed.',
      );
    }
  }
  return sentences;
}

/** Strongly connected components (Tarjan), each sorted by file name. */
function components(graph) {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const visit = (file) => {
    index.set(file, index.size);
    low.set(file, index.get(file));
    stack.push(file);
    for (const next of graph.get(file)) {
      if (!graph.has(next)) continue;
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file), low.get(next)));
    }
    if (low.get(file) === index.get(file)) found.push(stack.splice(stack.indexOf(file)).sort());
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return found.sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

function shortestCircle(graph, start, group) {
  let paths = [[start]];
  const seen = new Set();
  while (paths.length > 0) {
    const longer = [];
    for (const path of paths) {
      for (const next of graph.get(path.at(-1))) {
        if (next === start) return [...path, start];
        if (!group.has(next) || seen.has(next)) continue;
        seen.add(next);
        longer.push([...path, next]);
      }
    }
    paths = longer;
  }
  return undefined;
}
