// The command as people call it: trains on generated digits, is stopped and goes on, reads pictures.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { encode as encodeJpeg } from "jpeg-js";
import { parseHTML } from "linkedom";
import { tensor } from "inkgrad";
import { handwriting, png } from "inkgrad/data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, whyNoChromium } from "../support/chromium.js";
import { commandFile, inkgrad, type Ran } from "../support/command.js";

const cwd = mkdtempSync(join(tmpdir(), "inkgrad-cli-"));
const small = ["--data", "generated", "--limit", "8000", "--threads", "2"];
const train = ["train", "digits", ...small, "--model", "mlp", "--epochs", "8"];
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

let trained: Ran;
beforeAll(async () => {
  trained = await inkgrad([...train, "--no-augment", "--out", "run", "--json"], { cwd });
}, 60_000);

describe("inkgrad train digits", () => {
  it("prints one JSON object on stdout with --json, and all else on stderr", () => {
    expect(trained.code, trained.err).toBe(0);
    expect(trained.out.trim().split("\n")).toHaveLength(1);
    const result = JSON.parse(trained.out);
    expect(result).toMatchObject({ dataset: "generated", model: "mlp", epochs: 8, seed: 0 });
    // 784 to 512 to 256 to 10, and 8 epochs of what is not held out.
    expect(result.parameters).toBe(785 * 512 + 513 * 256 + 257 * 10);
    expect(result.trainSeconds * result.samplesPerSecond).toBeCloseTo(8 * (8000 - 133), 0);
    expect(result.testLoss).toBeGreaterThan(0);
    expect(result.testAccuracy).toBeGreaterThan(0.85);
    expect(result.modelPath).toBe(join(cwd, "run", "model.safetensors"));
    expect(existsSync(result.reportPath)).toBe(true);
    expect(trained.err).toContain("test accuracy");
    expect(trained.err).toContain("what it is (rows) and what was read (columns)");
    expect(trained.err).toMatch(/the worst mistakes\n[^]*[█▀▄][^]*\n\d read as \d, \d+ %/);
    expect(trained.err).toContain("multiply-adds");
  });

  it("writes no escape codes where there is no terminal", () => {
    // eslint-disable-next-line no-control-regex -- that is what is looked for
    expect(trained.out + trained.err).not.toMatch(/\u001b|\r/);
  });

  it("leaves a history, a record, a model and a report, and no checkpoint", () => {
    expect(readdirSync(join(cwd, "run")).sort()).toEqual([
      "history.csv",
      "model.safetensors",
      "report.html",
      "run.json",
    ]);
    const lines = readFileSync(join(cwd, "run/history.csv"), "utf8").trim().split("\n");
    expect(lines[0]).toMatch(/^epoch,loss,accuracy,/);
    expect(lines).toHaveLength(9);
    expect(JSON.parse(readFileSync(join(cwd, "run/run.json"), "utf8"))).toMatchObject({
      status: "done",
      settings: { model: "mlp", epochs: 8 },
    });
  });

  it("writes a report with curves, the confusion matrix, every class, mistakes, the model, and how to use it", () => {
    const { document } = parseHTML(readFileSync(join(cwd, "run/report.html"), "utf8"));
    const texts = (selector: string): string[] =>
      [...document.querySelectorAll(selector)].map((one) => one.textContent.trim());
    const { testAccuracy } = JSON.parse(trained.out);
    const cells = texts(".confusion tbody td").map(Number);
    expect(cells).toHaveLength(100);
    const right = cells.filter((_, i) => i % 11 === 0).reduce((a, b) => a + b);
    const all = cells.reduce((a, b) => a + b);
    expect([all, right / all]).toEqual([8000, expect.closeTo(testAccuracy, 12)]);
    // Recall of each class, from its row.
    const rows = [...document.querySelectorAll('table[aria-label^="precision"] tbody tr')];
    const recalls = rows.map((row) => [...row.querySelectorAll("td")][2].textContent.trim());
    expect(recalls).toEqual(
      Array.from({ length: 10 }, (_, c) => {
        const row = cells.slice(10 * c, 10 * c + 10);
        return `${((100 * row[c]) / row.reduce((a, b) => a + b)).toFixed(2)} %`;
      }),
    );
    expect(texts(".mistakes li")).toHaveLength(Math.min(40, all - right));
    expect(document.querySelector(".mistakes img").src).toMatch(/^data:image\/png;base64,/);
    const curves = [...document.querySelectorAll("svg[role=img]")];
    expect(curves.map((svg) => svg.getAttribute("aria-label").split(" ")[0])).toEqual([
      "loss",
      "accuracy",
    ]);
    expect(texts('table[aria-label="figures of each epoch"] tbody tr')).toHaveLength(8);
    const [summary, shell] = texts("pre");
    expect(summary).toContain("multiply-adds");
    expect(shell).toContain("npx inkgrad predict run/model.safetensors picture.png");
  });

  it.skipIf(whyNoChromium !== undefined)(
    "writes a report that asks for nothing and says nothing to the console",
    async () => {
      const browser = await launchChromium();
      try {
        const page = await browser.newPage();
        const said: string[] = [];
        const asked: string[] = [];
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(String(error)));
        page.on("request", (request) => asked.push(request.url()));
        await page.goto(`file://${join(cwd, "run/report.html")}`);
        expect(said).toEqual([]);
        expect(asked.filter((url) => !url.startsWith("data:"))).toHaveLength(1);
        expect(await page.title()).toMatch(/^mlp on generated: \d\d\.\d\d %$/);
        expect(await page.locator("svg[role=img][aria-label]").count()).toBe(2);
        expect(await page.locator(".confusion tbody tr").count()).toBe(10);
        // Of a phone's width, too: only tables and programs may be wider, by themselves.
        await page.setViewportSize({ width: 360, height: 700 });
        const over = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(over).toBe(0);
        expect(await page.locator("pre").last().textContent()).toContain('loadModel("run/');
        const broken = await page
          .locator(".mistakes img")
          .evaluateAll(
            (all) => all.filter((img: any) => img.naturalWidth !== 28 || !img.alt).length,
          );
        expect(broken).toBe(0);
      } finally {
        await browser.close();
      }
    },
  );

  it("ends with a checkpoint and code 130 on Ctrl-C, and --resume comes to the same model", async () => {
    const interruptAt = /epoch 2\/8/;
    const args = [...train, "--no-augment", "--out", "stopped"];
    const stopped = await inkgrad([...args, "--json"], { cwd, interruptAt });
    expect(stopped.code, stopped.err).toBe(130);
    expect(JSON.parse(stopped.out)).toMatchObject({ interrupted: true });
    expect(existsSync(join(cwd, "stopped/checkpoint.safetensors"))).toBe(true);
    const resumed = await inkgrad(["train", "digits", "--resume", "--out", "stopped", "--json"], {
      cwd,
    });
    expect(resumed.code, resumed.err).toBe(0);
    expect(resumed.err).not.toContain("epoch 1/8");
    const [one, two] = [trained, resumed].map(({ out }) => JSON.parse(out));
    expect(two.testLoss).toBe(one.testLoss);
    expect(two.epochs).toBe(8);
  }, 60_000);
});

describe("the options of train", () => {
  it("all are heeded, and the record of the run has them", async () => {
    const data = ["--data", "generated", "--limit", "600", "--held-out", "50"];
    const how = ["--model", "softmax", "--epochs", "2", "--batch", "64", "--lr", "0.02"];
    const more = ["--optimizer", "rmsprop", "--augment", "--seed", "3", "--threads", "1"];
    const args = ["train", "digits", ...data, ...how, ...more, "--out", "options", "--json"];
    const { code, out, err } = await inkgrad(args, { cwd });
    expect(code, err).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({
      model: "softmax",
      parameters: 7850,
      epochs: 2,
      seed: 3,
      threads: 1,
    });
    expect(result.trainSeconds * result.samplesPerSecond).toBeCloseTo(2 * 550, 0);
    expect(err).toMatch(
      /2 epochs of 9 steps, 18 in all; batches of 64; rmsprop, learning rate 0\.02/,
    );
    expect(JSON.parse(readFileSync(join(cwd, "options/run.json"), "utf8"))).toMatchObject({
      threads: 1,
      settings: {
        ...{ model: "softmax", epochs: 2, batch: 64, lr: 0.02, optimizer: "rmsprop" },
        ...{ augment: true, seed: 3, data: "generated", limit: 600, heldOut: 50 },
      },
    });
  }, 60_000);

  it("a request to end is heeded as Ctrl-C is, with its own code, and --resume finds the run in runs/", async () => {
    const how = { cwd, interruptAt: /epoch 1\/8/, signal: "SIGTERM" } as const;
    const { code, out, err } = await inkgrad([...train, "--no-augment", "--json"], how);
    expect(code, err).toBe(143);
    const { interrupted, folder, checkpointPath } = JSON.parse(out);
    expect([interrupted, existsSync(checkpointPath)]).toEqual([true, true]);
    expect(folder.slice(cwd.length)).toMatch(/\/runs\/digits-mlp-[\d-]+$/);
    const resumed = await inkgrad(["train", "digits", "--resume", "--json"], { cwd });
    expect(resumed.code, resumed.err).toBe(0);
    const result = JSON.parse(resumed.out);
    expect(result.modelPath).toBe(join(folder, "model.safetensors"));
    expect(result.testLoss).toBe(JSON.parse(trained.out).testLoss);
    const again = await inkgrad(["train", "digits", "--resume"], { cwd });
    expect([again.code, again.err]).toEqual([2, expect.stringContaining("no run")]);
  }, 60_000);
});

describe("what a trained model is used for", () => {
  it("evaluate judges it on test digits that it has not seen", async () => {
    const { out, code, err } = await inkgrad(["evaluate", "run", "--data", "generated", "--json"], {
      cwd,
    });
    expect(code, err).toBe(0);
    const { confusion, testAccuracy, ...result } = JSON.parse(out);
    expect(result).toMatchObject({ dataset: "generated", examples: 10_000 });
    expect(testAccuracy).toBeGreaterThan(0.85);
    const right = confusion.reduce((sum: number, row: number[], c: number) => sum + row[c], 0);
    expect(right / 10_000).toBeCloseTo(testAccuracy, 12);
  }, 60_000);

  it("predict reads PNG and JPEG files in both polarities, and says which file is none", async () => {
    const { x, y } = handwriting({ count: 20, seed: 77 });
    const files: string[] = [];
    for (let i = 0; i < 20; i++) {
      const pixels = enlarged(x.at(i).get().toArray(), i % 4 < 2);
      const path = `${i}.${i % 2 === 0 ? "png" : "jpg"}`;
      const bytes =
        i % 2 === 0
          ? png.encode(tensor(pixels, { shape: [90, 90, 1] }))
          : encodeJpeg({ data: rgba(pixels), width: 90, height: 90 }, 90).data;
      writeFileSync(join(cwd, path), bytes);
      files.push(path);
    }
    writeFileSync(join(cwd, "none.png"), "no picture");
    const { code, out, err } = await inkgrad(["predict", "run", ...files, "none.png", "--json"], {
      cwd,
    });
    expect(code).toBe(1);
    expect(err).toContain("none.png");
    const { predictions } = JSON.parse(out);
    const labels = Array.from(await y.data(), Number);
    const right = labels.filter((label, i) => predictions[i].class === String(label));
    expect(right.length).toBeGreaterThanOrEqual(16);
    expect(predictions[20].error).toContain("none.png");
    const sum = Object.values(predictions[0].probabilities as Record<string, number>);
    expect(sum.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  }, 60_000);

  it("info says what the model is, data digits draws a sheet", async () => {
    const info = await inkgrad(["info", "run"], { cwd });
    expect(info.out).toContain("0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
    expect(info.out).toContain("multiply-adds");
    const told = JSON.parse((await inkgrad(["info", "run", "--json"], { cwd })).out);
    const { parameters, testAccuracy } = JSON.parse(trained.out);
    expect(told).toMatchObject({ parameters, input: [28, 28, 1], intake: { kind: "characters" } });
    expect(told.classes).toEqual(Array.from("0123456789"));
    expect(told.origin).toMatchObject({ model: "mlp", epochs: 8, seed: 0, testAccuracy });
    const sheet = [
      "data",
      "digits",
      "--data",
      "generated",
      "--sample",
      "sheet.png",
      "--count",
      "4",
    ];
    const drawn = await inkgrad([...sheet, "--json"], { cwd });
    expect(drawn.code, drawn.err).toBe(0);
    const { perClass, ...result } = JSON.parse(drawn.out);
    expect(result).toMatchObject({ dataset: "generated", trainImages: 160, sample: "sheet.png" });
    expect(perClass).toEqual(Object.fromEntries(Array.from("0123456789", (name) => [name, 16])));
    expect(png.decode(readFileSync(join(cwd, "sheet.png"))).shape).toEqual([302, 122, 1]);
  });
});

describe("predict", () => {
  it("says so where there is no character, and sees white ink on nothing", async () => {
    const blank = tensor(new Uint8Array(60 * 60).fill(255), { shape: [60, 60, 1] });
    await png.write(join(cwd, "blank.png"), blank);
    // White everywhere; what is opaque is a bar.
    const clear = new Uint8Array(60 * 60 * 2).fill(255);
    for (let i = 0; i < 3600; i++) {
      const [y, x] = [Math.floor(i / 60), i % 60];
      clear[2 * i + 1] = x > 27 && x < 33 && y > 8 && y < 52 ? 255 : 0;
    }
    await png.write(join(cwd, "clear.png"), tensor(clear, { shape: [60, 60, 2] }));
    const { code, out, err } = await inkgrad(
      ["predict", "run", "blank.png", "clear.png", "--json"],
      { cwd },
    );
    expect(code).toBe(1);
    expect(err).toContain("blank.png: there is no character in it");
    const { predictions } = JSON.parse(out);
    expect(predictions[0].error).toContain("no character");
    expect(predictions[1].class).toBe("1");
  }, 60_000);

  it("says that it is not sure of several characters in one picture", async () => {
    const { x } = handwriting({ count: 3, seed: 4 });
    const rows = x.toArray() as number[][][][];
    const side = rows[0].map((_, i) => rows.flatMap((digit) => digit[i]));
    await png.write(join(cwd, "three.png"), tensor(side, { dtype: "u8" }));
    const { err, out } = await inkgrad(["predict", "run", "three.png"], { cwd });
    expect(out).toMatch(/^three\.png +(\d) +\1: \d+\.\d % +\d: \d+\.\d % +\d: \d+\.\d %\n$/);
    expect(err).toMatch(/three\.png: it is not sure; is there one of 0, 1, 2/);
  }, 60_000);
});

describe("train images", () => {
  let images: Ran;
  beforeAll(async () => {
    const { x, y } = handwriting({ count: 200, characters: "01", seed: 5 });
    const labels = Array.from(await y.data(), Number);
    for (let i = 0; i < 200; i++)
      await png.write(
        join(cwd, "shapes", ["round", "straight"][labels[i]], `${i}.png`),
        x.at(i).get(),
      );
    const args = ["train", "images", "shapes", "--size", "16", "--grey", "--no-augment"];
    const how = ["--model", "softmax", "--epochs", "10", "--out", "images", "--json"];
    images = await inkgrad([...args, ...how], { cwd });
  }, 60_000);

  it("learns from a folder of classes and names them", async () => {
    const { code, out, err } = images;
    expect(code, err).toBe(0);
    expect(JSON.parse(out).testAccuracy).toBeGreaterThan(0.9);
    const { out: read } = await inkgrad(["predict", "images", "shapes/round/0.png", "--json"], {
      cwd,
    });
    expect(JSON.parse(read).predictions[0].class).toBe("round");
    const judged = await inkgrad(["evaluate", "images", "--data", "shapes", "--json"], { cwd });
    expect(JSON.parse(judged.out)).toMatchObject({ dataset: "shapes", examples: 200 });
    expect(JSON.parse(judged.out).testAccuracy).toBeGreaterThan(0.9);
    const without = await inkgrad(["evaluate", "images"], { cwd });
    expect([without.code, without.err]).toEqual([2, expect.stringContaining("--data")]);
  }, 60_000);

  it("goes on after Ctrl-C by the line that it prints, which needs no other options", async () => {
    const args = ["shapes", "--size", "16", "--grey", "--model", "mlp", "--epochs", "400"];
    const interruptAt = /epoch +1\/400/;
    const begun = ["train", "images", ...args, "--out", "shapes run", "--json"];
    const stopped = await inkgrad(begun, { cwd, interruptAt });
    expect(stopped.code, stopped.err).toBe(130);
    const { resume } = JSON.parse(stopped.out);
    expect(resume).toBe("npx inkgrad train images --resume --out 'shapes run'");
    const other = await inkgrad(
      ["train", "images", "--resume", "--out", "shapes run", "--size", "20"],
      { cwd },
    );
    expect([other.code, other.err]).toEqual([2, expect.stringContaining("has pictures")]);
    const again = ["train", "images", "--resume", "--out", "shapes run"];
    const { code, err } = await inkgrad(again, { cwd, interruptAt: /epoch \d+\/400.*\n/ });
    expect(code, err).toBe(130);
    expect(err).not.toContain("epoch   1/400");
  }, 60_000);

  it.each(["run", "images"])(
    "the program in the report of %s reads a picture as predict does",
    async (run) => {
      await png.write(join(cwd, "picture.png"), handwriting({ count: 1 }).x.at(0).get());
      const page = readFileSync(join(cwd, run, "report.html"), "utf8");
      const [text] = page.match(/import \{ stack[^<]*/) ?? [""];
      const dist = new URL("./", pathToFileURL(commandFile).href.replace("cli/main.js", ""));
      const program = text
        .replaceAll("&quot;", '"')
        .replace('"inkgrad"', `"${dist.href}index.js"`)
        .replace(/"inkgrad\/(\w+)"/g, `"${dist.href}$1/index.js"`)
        .replace(/console.*/, "console.log(JSON.stringify(probabilities));");
      writeFileSync(join(cwd, "program.mjs"), program);
      const { stdout, stderr } = spawnSync(process.execPath, ["program.mjs"], { cwd });
      const { out } = await inkgrad(["predict", run, "picture.png", "--json"], { cwd });
      const expected = Object.values<number>(JSON.parse(out).predictions[0].probabilities);
      const found = JSON.parse(String(stdout) || JSON.stringify(String(stderr)));
      expect(found).toHaveLength(expected.length);
      expected.forEach((p, i) => expect(found[i]).toBeCloseTo(p, 2));
    },
    60_000,
  );
});

/** A digit on grey paper of 90 × 90 pixels, off its middle. */
function enlarged(digit: number[][][], dark: boolean): Uint8Array {
  const out = new Uint8Array(90 * 90);
  for (let i = 0; i < out.length; i++) {
    const [row, column] = [Math.floor((i - 3 * 90) / 90 / 2.8), Math.floor(((i % 90) - 10) / 2.8)];
    const ink = (digit[row]?.[column]?.[0] ?? 0) / 255;
    out[i] = Math.round(dark ? 200 - 160 * ink : 50 + 180 * ink);
  }
  return out;
}

const rgba = (grey: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: grey.length * 4 }, (_, i) => (i % 4 === 3 ? 255 : grey[i >> 2]));
