import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("../../scripts/check-layers.mjs", import.meta.url));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs the script on a folder made of these files; `lines` are its sentences. */
function check(files: Record<string, string>): { ok: boolean; lines: string[] } {
  const root = mkdtempSync(join(tmpdir(), "inkgrad-layers-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const run = spawnSync(process.execPath, [script, root], { encoding: "utf8", timeout: 30_000 });
  const lines = run.stderr.split("\n").filter((line) => line !== "");
  return { ok: run.status === 0, lines: lines.slice(0, -1) };
}

const empty = "export {};\n";

describe("what is allowed", () => {
  it("accepts imports that go down, also past several layers", () => {
    const result = check({
      "index.ts": 'export * from "./tensor/tensor.js";\nexport * from "./base/shape.js";\n',
      "tensor/tensor.ts": 'import { grad } from "../grad/grad.js";\nimport "../base/shape.js";\n',
      "grad/grad.ts": 'import { node } from "../graph/node.js";\nexport const grad = node;\n',
      "graph/node.ts": 'import * as shape from "../base/shape.js";\nexport const node = shape;\n',
      "base/shape.ts": empty,
    });
    expect(result).toEqual({ ok: true, lines: [] });
  });

  it("accepts packages around the core, and Node's modules in the command", () => {
    const result = check({
      "cli/main.ts": 'import { readFile } from "node:fs";\nimport { Command } from "commander";\n',
      "data/csv.ts": 'import { parse } from "csv-parse";\n',
    });
    expect(result).toEqual({ ok: true, lines: [] });
  });

  it("accepts a cycle when a link of it is a type", () => {
    const result = check({
      "ops/a.ts": 'import { b } from "./b.js";\nexport const a = b;\n',
      "ops/b.ts": 'import type { a } from "./a.js";\nexport const b: typeof a = 1;\n',
    });
    expect(result).toEqual({ ok: true, lines: [] });
  });

  it("accepts implementations that import backend.ts and themselves", () => {
    const result = check({
      "backend/backend.ts": empty,
      "backend/registry.ts":
        'import { r } from "./reference/index.js";\nexport const w = () => import("./webgpu/index.js");\n',
      "backend/reference/index.ts": 'import "../backend.js";\nexport const r = 1;\n',
      "backend/webgpu/index.ts": 'import "./emit.js";\n',
      "backend/webgpu/emit.ts": empty,
    });
    expect(result).toEqual({ ok: true, lines: [] });
  });

  it("ignores imports in comments, strings, templates and regular expressions", () => {
    const line = 'import { x } from "../tensor/x.js";';
    const result = check({
      "base/a.ts": [
        `// ${line}`,
        `/* ${line} */`,
        `export const s = '${line}';`,
        `export const t = \`\${"a"} ${line} \${{ a: {} }}\`;`,
        `export const r = /["'\`/*]/;`,
        `/** ${line} */`,
        'import "./own.js";',
      ].join("\n"),
      "tensor/x.ts": empty,
    });
    expect(result).toEqual({ ok: true, lines: [] });
  });
});

describe("what is not allowed", () => {
  const cases: [string, Record<string, string>, string][] = [
    [
      "an import that goes up",
      { "base/a.ts": 'import { x } from "../ops/x.js";', "ops/x.ts": empty },
      'base/a.ts imports "../ops/x.js", which is not allowed: ops is above base, and imports go down only.',
    ],
    [
      "an import that goes up for a type",
      { "graph/a.ts": 'import type { T } from "../tensor/t.js";', "tensor/t.ts": empty },
      'graph/a.ts imports "../tensor/t.js", which is not allowed: tensor is above graph, and imports go down only.',
    ],
    [
      "an export from above, over several lines",
      { "ops/a.ts": 'export {\n  x,\n  y as z,\n} from "../graph/x.js";', "graph/x.ts": empty },
      'ops/a.ts imports "../graph/x.js", which is not allowed: graph is above ops, and imports go down only.',
    ],
    [
      "a lazy import that goes up",
      { "grad/a.ts": 'export const x = () => import("../tensor/x.js");', "tensor/x.ts": empty },
      'grad/a.ts imports "../tensor/x.js", which is not allowed: tensor is above grad, and imports go down only.',
    ],
    [
      "grad that imports compile",
      { "grad/a.ts": 'import "../compile/x.js";', "compile/x.ts": empty },
      'grad/a.ts imports "../compile/x.js", which is not allowed: grad and compile are siblings.',
    ],
    [
      "compile that imports grad",
      { "compile/a.ts": 'import "../grad/x.js";', "grad/x.ts": empty },
      'compile/a.ts imports "../grad/x.js", which is not allowed: compile and grad are siblings.',
    ],
    [
      "backends that import each other",
      { "backend/wasm/a.ts": 'import "../reference/x.js";', "backend/reference/x.ts": empty },
      'backend/wasm/a.ts imports "../reference/x.js", which is not allowed: the backends wasm and reference are siblings.',
    ],
    [
      "a backend that imports the registry",
      { "backend/wasm/a.ts": 'import "../registry.js";', "backend/registry.ts": empty },
      'backend/wasm/a.ts imports "../registry.js", which is not allowed: the registry knows the implementations, they do not know it.',
    ],
    [
      "a layer that names an implementation",
      { "tensor/a.ts": 'import "../backend/reference/x.js";', "backend/reference/x.ts": empty },
      'tensor/a.ts imports "../backend/reference/x.js", which is not allowed: only backend/registry.ts names implementations such as reference.',
    ],
    [
      "backend.ts that names an implementation",
      { "backend/backend.ts": 'import "./webgpu.js";', "backend/webgpu.ts": empty },
      'backend/backend.ts imports "./webgpu.js", which is not allowed: only backend/registry.ts names implementations such as webgpu.',
    ],
    [
      "a registry that loads a large implementation at once",
      { "backend/registry.ts": 'import { w } from "./webgpu/x.js";', "backend/webgpu/x.ts": empty },
      'backend/registry.ts imports "./webgpu/x.js", which is not allowed: the registry loads webgpu lazily, with await import("…").',
    ],
    [
      "track that imports more than base",
      { "track/a.ts": 'import type { G } from "../graph/x.js";', "graph/x.ts": empty },
      'track/a.ts imports "../graph/x.js", which is not allowed: track stands aside and may import only base, not graph.',
    ],
    [
      "a core layer that imports track",
      { "tensor/a.ts": 'import "../track/x.js";', "track/x.ts": empty },
      'tensor/a.ts imports "../track/x.js", which is not allowed: tensor may not know track, which is reached through callbacks.',
    ],
    [
      "an import of the public index",
      { "nn/a.ts": 'import { t } from "../index.js";', "index.ts": empty },
      'nn/a.ts imports "../index.js", which is not allowed: index.ts gathers the public names, nothing imports it.',
    ],
    [
      "the library's own name",
      { "nn/a.ts": 'import { t } from "inkgrad";' },
      'nn/a.ts imports "inkgrad", which is not allowed: source files import by relative path.',
    ],
    [
      "an import from outside",
      { "nn/a.ts": 'import { t } from "../../test/t.js";' },
      'nn/a.ts imports "../../test/t.js", which is not allowed: it lies outside the source folder.',
    ],
    [
      "a folder that is no layer",
      { "utils/a.ts": empty },
      "utils/a.ts lies in no layer: move it into one (cli, learn, nn, data, tensor, compile, grad, backend, graph, ops, base, track).",
    ],
    [
      "one of Node's modules imported outside the command",
      { "data/files.ts": 'const { readFile } = await import("node:fs");' },
      'data/files.ts imports "node:fs", which is not allowed: bundlers for pages would follow it; the files data/system*.ts ask process.getBuiltinModule.',
    ],
    [
      "a package in the core",
      { "nn/table.ts": 'import { max } from "d3-array";' },
      'nn/table.ts imports "d3-array", which is not allowed: nn has no dependencies; packages are for data, learn and cli.',
    ],
    [
      "a circle of three files",
      {
        "ops/a.ts": 'import { b } from "./b.js";',
        "ops/b.ts": 'export { c } from "./c.js";',
        "ops/c.ts": 'import { a } from "./a.js";',
      },
      'ops/a.ts is part of an import cycle: ops/a.ts → ops/b.ts → ops/c.ts → ops/a.ts. Move what they share into one file, or use "import type" where only types are needed.',
    ],
    [
      "a file that imports itself",
      { "ops/a.ts": 'import * as self from "./a.js";' },
      'ops/a.ts is part of an import cycle: ops/a.ts → ops/a.ts. Move what they share into one file, or use "import type" where only types are needed.',
    ],
  ];

  it.each(cases)("reports %s", (_what, files, sentence) => {
    expect(check(files)).toEqual({ ok: false, lines: [sentence] });
  });

  it("reports every violation of a file, and counts them", () => {
    const result = check({
      "base/a.ts": 'import "../ops/x.js";\nimport "../graph/y.js";\n',
      "ops/x.ts": empty,
      "graph/y.ts": empty,
    });
    expect(result.ok).toBe(false);
    expect(result.lines).toHaveLength(2);
  });
});
