// Packs the library and uses the package as a stranger would: from TypeScript in Node,
// and in a page built with Vite, both with the first example of the README.
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, serve, whyNoChromium, withPage } from "../support/chromium.js";
import { agrees, moduleOf, tsBlocks } from "../support/doc-examples.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const library = join(root, "packages/inkgrad");
const project = mkdtempSync(join(tmpdir(), "inkgrad-package-"));
const run = promisify(execFile);

if (whyNoChromium !== undefined) console.log(`skipping the Vite page: ${whyNoChromium}`);

/** The first example, reporting each claimed value as a line of JSON: [shown, claimed]. */
const example = firstExample();

beforeAll(async () => {
  if (!existsSync(join(library, "dist/index.js"))) {
    throw new Error('the library is not built: run "npm run build" first');
  }
  const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", project];
  const [{ filename }] = JSON.parse(await npm(pack, library)) as { filename: string }[];
  write("package.json", JSON.stringify({ name: "blank", private: true, type: "module" }));
  const install = ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  await npm([...install, `./${filename}`], project);
}, 120_000);

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

describe("the packed library", () => {
  it("uses several threads, which do not keep a finished script alive", async () => {
    write(
      "threads.mjs",
      `import { ones, setThreads } from "inkgrad";
       setThreads(2);
       const x = ones([300, 300]);
       for (let i = 0; i < 40; i++) {
         const [first] = await x.matmul(x).add(i).data();
         if (first !== 300 + i) throw new Error("wrong");
         await new Promise((resolve) => setTimeout(resolve, 5));
       }
       console.log("done");`,
    );
    const { stdout } = await run("node", ["threads.mjs"], { cwd: project, timeout: 20_000 });
    expect(stdout).toBe("done\n");
  });

  it("holds the build, the README and the license, and nothing else", async () => {
    const { stdout } = await run("find", [".", "-type", "f"], { cwd: installed() });
    const files = stdout.trim().split("\n");
    expect(files).toEqual(
      expect.arrayContaining(["./README.md", "./LICENSE", "./package.json", "./dist/index.js"]),
    );
    const other = files.filter(
      (file) =>
        !/^\.\/(README\.md|LICENSE|package\.json|bin\/inkgrad\.mjs|dist\/.+\.(js|d\.ts)(\.map)?|models\/(README\.md|digits\.safetensors))$/.test(
          file,
        ),
    );
    expect(other).toEqual([]);
  });

  it("brings the command along, under its name", async () => {
    const { stdout } = await run(join(project, "node_modules/.bin/inkgrad"), ["--help"]);
    expect(stdout).toContain("Usage: inkgrad");
  });

  it("type-checks and runs the README's first example in a blank TypeScript project", async () => {
    write("main.ts", `${example.code}\nconsole.log(JSON.stringify(reported));\n`);
    write(
      "tsconfig.json",
      JSON.stringify({
        compilerOptions: {
          strict: true,
          module: "NodeNext",
          target: "ES2022",
          lib: ["ES2022", "DOM"],
          types: [],
          skipLibCheck: false,
          outDir: "out",
        },
        files: ["main.ts"],
      }),
    );
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    await run(process.execPath, [compiler, "-p", project], { timeout: 60_000 }).catch(
      failWithOutput,
    );
    const main = join(project, "out/main.js");
    const { stdout } = await run(process.execPath, [main], { cwd: project, timeout: 30_000 });
    expectClaimsHold(JSON.parse(stdout));
  });

  it.skipIf(whyNoChromium !== undefined)(
    "runs the README's first example in a page built with Vite",
    async () => {
      write(
        "index.html",
        '<!doctype html><title>page</title><script type="module" src="page.ts"></script>',
      );
      write(
        "page.ts",
        `${example.code}\ndocument.title = "done";\ndocument.body.textContent = JSON.stringify(reported);\n`,
      );
      await build({
        root: project,
        configFile: false,
        logLevel: "error",
        build: { target: "es2022", outDir: "site" },
      });
      const site = await serve(filesIn(join(project, "site")));
      try {
        expectClaimsHold(JSON.parse(await textOfPage(site.url)));
      } finally {
        site.close();
      }
    },
    120_000,
  );
});

function firstExample(): { code: string; claims: number } {
  const [first] = tsBlocks(readFileSync(join(root, "README.md"), "utf8"));
  const { code, claims } = moduleOf([{ ...first, start: 0 }]);
  // Shown the simple way: the example claims numbers, lists and tensors.
  const prelude = `
const reported: [string, string][] = [];
async function claim(value: unknown, claimed: string, _line: number) {
  reported.push([JSON.stringify(await value, (_key, v) => (v?.toArray ? v.toArray() : v)), claimed]);
}
`;
  return { code: prelude + code, claims };
}

function expectClaimsHold(reported: [string, string][]): void {
  expect(example.claims).toBeGreaterThan(0);
  expect(reported).toHaveLength(example.claims);
  for (const [shown, claimed] of reported) {
    expect(agrees(shown, claimed), `the README says ${claimed}, the value is ${shown}`).toBe(true);
  }
}

function installed(): string {
  return join(project, "node_modules/inkgrad");
}

function write(name: string, text: string): void {
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, name), text);
}

async function npm(args: string[], cwd: string): Promise<string> {
  // Without the settings that a surrounding `npm test` passes down.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)),
  );
  const { stdout } = await run("npm", args, { cwd, env, timeout: 60_000 }).catch(failWithOutput);
  return stdout;
}

function failWithOutput(error: Error & { stdout?: string; stderr?: string }): never {
  throw new Error(`${error.message}\n${error.stdout ?? ""}${error.stderr ?? ""}`);
}

function filesIn(folder: string): Map<string, Uint8Array> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(folder, path))]));
}

/** Opens the page and returns its text once its title is "done". */
async function textOfPage(url: string): Promise<string> {
  const browser = await launchChromium();
  try {
    return await withPage(browser, url, async (page) => {
      await page.waitForFunction('document.title === "done"', undefined, { timeout: 30_000 });
      return (await page.locator("body").textContent()) ?? "";
    });
  } finally {
    await browser.close();
  }
}
