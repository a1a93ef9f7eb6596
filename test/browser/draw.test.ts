import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build, createLogger } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handwrittenStrokes } from "inkgrad/data";
import { launchChromium, serve, type Site, whyNoChromium } from "../support/chromium.js";
import { temporaryFolder } from "../support/temporary-folder.js";

/** The page of examples/draw, as it is built, with digits drawn on it. */

const root = fileURLToPath(new URL("../..", import.meta.url));
const model = join(root, "packages/inkgrad/models/digits.safetensors");
const folder = temporaryFolder();
/** Small, since every frame is painted by the processor. */
const viewport = { width: 600, height: 600 };
const warnings: string[] = [];
const builtins: string[] = [];

if (whyNoChromium !== undefined) console.log(`skipping the drawing page: ${whyNoChromium}`);

beforeAll(async () => {
  if (!existsSync(model))
    throw new Error(`the page reads with the model that ships, but there is no ${model}`);
  const customLogger = createLogger("warn");
  const warn = (message: string): unknown => warnings.push(message);
  Object.assign(customLogger, { warn, warnOnce: warn });
  const source = join(root, "packages/inkgrad/src");
  await build({
    root: join(root, "examples/draw"),
    configFile: join(root, "examples/draw/vite.config.mjs"),
    logLevel: "warn",
    customLogger,
    resolve: {
      alias: [
        { find: /^inkgrad$/, replacement: `${source}/index.ts` },
        { find: /^inkgrad\/(.+)$/, replacement: `${source}/$1/index.ts` },
      ],
    },
    plugins: [
      {
        name: "find-builtins",
        enforce: "pre",
        resolveId(id, importer) {
          if (isBuiltin(id)) builtins.push(`${id}, by ${importer ?? "?"}`);
        },
      },
    ],
    build: { outDir: folder, emptyOutDir: true },
  });
}, 120_000);

it("the page is built without a warning, and has nothing of Node and no decoders in it", () => {
  expect(warnings).toEqual([]);
  expect(builtins).toEqual([]);
  const scripts = [...siteFiles()].filter(([path]) => path.endsWith(".js"));
  const code = scripts.map(([, bytes]) => Buffer.from(bytes).toString()).join("");
  const says = (text: string): boolean => code.includes(text);
  // What the preprocessing, csv-parse and jpeg-js say when something is wrong.
  expect(["normalizeCharacter", "CSV_INVALID", "unknown JPEG marker"].filter(says)).toEqual([
    "normalizeCharacter",
  ]);
  expect(code.length).toBeLessThan(500_000);
});

describe.skipIf(whyNoChromium !== undefined)("in headless Chromium", () => {
  let browser: Browser | undefined;
  let site: Site | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
    site = await serve(siteFiles());
  }, 120_000);
  afterAll(async () => {
    site?.close();
    await browser?.close();
  });

  /** Opens the page; fails if it complains, or asks for something elsewhere. */
  async function onPage(use: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser!.newPage({ viewport });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("request", (request) => requests.push(request.url()));
    try {
      await page.goto(site!.url);
      await page.waitForSelector("body[data-ready]", { timeout: 30_000 });
      await use(page);
      expect(complaints).toEqual([]);
      const isElsewhere = (url: string) => !url.startsWith(site!.url) && !url.startsWith("data:");
      expect(requests.filter(isElsewhere)).toEqual([]);
      expect(requests.some((url) => url.endsWith(".safetensors"))).toBe(true);
    } finally {
      await page.close();
    }
  }

  it("at least eight of ten digits that a mouse draws are read", async () => {
    await onPage(async (page) => {
      const wrong: string[] = [];
      for (let i = 0; i < 10; i++) {
        const digit = String(i);
        await page.click("#clear");
        await expectText(page, "#digit", "–");
        await draw(page, digit, i);
        const read = await whatIsRead(page);
        if (read !== digit) wrong.push(`${digit} as ${read}`);
        expect(await page.textContent("#digit")).toBe(read);
      }
      expect(wrong.length, wrong.join(", ")).toBeLessThanOrEqual(2);
      expect(await page.textContent("#time")).toMatch(/^Read in \d+\.\d ms\.$/);
    });
  });

  it("it reads before the pointer is lifted", async () => {
    await onPage(async (page) => {
      const { width, height, x, y } = (await page.locator("#pad").boundingBox())!;
      await page.mouse.move(x + width / 2, y + 0.2 * height);
      await page.mouse.down();
      await page.mouse.move(x + width / 2, y + 0.8 * height, { steps: 20 });
      await expectText(page, "#digit", "1");
      // It is said to those who listen when the stroke has ended.
      expect(await page.textContent("#said")).toBe("Nothing to read.");
      await page.mouse.up();
      await expectText(page, "#said", /^Read as 1, [>\d]/);
    });
  });

  it("ten probabilities add up to one, and the picture is as MNIST's are", async () => {
    await onPage(async (page) => {
      await draw(page, "3", 0);
      await whatIsRead(page);
      const shares = await page.evaluate<number[]>(
        `[...document.querySelectorAll("#bars .bar")].map((bar) => +bar.style.getPropertyValue("--share"))`,
      );
      expect(shares).toHaveLength(10);
      expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
      expect(await page.locator("#bars .best .name").textContent()).toBe("3");
      const grey = await page.evaluate<number[]>(
        `[...document.getElementById("seen").getContext("2d").getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)`,
      );
      expect(Math.max(...grey)).toBeGreaterThan(240);
      const mass = grey.reduce((a, b) => a + b);
      const [down, across] = [(i: number) => Math.floor(i / 28), (i: number) => i % 28].map(
        (place) => grey.reduce((sum, g, i) => sum + g * (place(i) + 0.5), 0) / mass,
      );
      // Between 14 and 15, as in MNIST.
      for (const centre of [down, across]) expect(Math.abs(centre - 14.5)).toBeLessThan(0.6);
      const rows = grey.flatMap((g, i) => (g > 0 ? [Math.floor(i / 28)] : []));
      expect(Math.max(...rows) - Math.min(...rows)).toBeGreaterThanOrEqual(18);
    });
  });

  it("undo takes the last stroke away, clear all of them, from the keyboard too", async () => {
    await onPage(async (page) => {
      await draw(page, "1", 0);
      const one = await whatIsRead(page);
      await line(page, [0.1, 0.9], [0.9, 0.9]);
      await line(page, [0.1, 0.1], [0.9, 0.1]);
      await page.focus("#undo");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Control+z");
      await expectText(page, "#said", new RegExp(`^Read as ${one},`));
      await page.focus("#clear");
      await page.keyboard.press("Space");
      await expectText(page, "#said", "Nothing to read.");
      await expectText(page, "#digit", "–");
      expect(await inkOnPad(page)).toBe(0);
      await page.focus("#example");
      await page.keyboard.press("Enter");
      await expectText(page, "#said", /^Read as \d/);
      expect(await inkOnPad(page)).toBeGreaterThan(100);
      await page.keyboard.press("Escape");
      await expectText(page, "#said", "Nothing to read.");
    });
  });

  it("a pen that is pressed harder draws broader", async () => {
    await onPage(async (page) => {
      const inkWith = async (pressure: number): Promise<number> => {
        await page.keyboard.press("Escape");
        await page.evaluate(`(() => {
          const pad = document.getElementById("pad");
          const box = pad.getBoundingClientRect();
          const send = (type, share) => pad.dispatchEvent(new PointerEvent(type, {
            pointerId: 1, pointerType: "pen", pressure: ${pressure}, button: type === "pointermove" ? -1 : 0,
            clientX: box.left + box.width * share, clientY: box.top + box.height / 2,
          }));
          pad.setPointerCapture = () => undefined; // There is no such pen.
          for (const [type, share] of [["pointerdown", 0.2], ["pointermove", 0.8], ["pointerup", 0.8]])
            send(type, share);
        })()`);
        return inkOnPad(page);
      };
      expect(await inkWith(1)).toBeGreaterThan(1.5 * (await inkWith(0.3)));
    });
  });

  it("ink is light where the page is dark, and is read all the same", async () => {
    await onPage(async (page) => {
      await page.emulateMedia({ colorScheme: "dark" });
      await draw(page, "7", 1);
      expect(await whatIsRead(page)).toBe("7");
      const paper = await page.evaluate<string>(
        'getComputedStyle(document.getElementById("pad")).backgroundColor',
      );
      expect(await redOfInk(page)).toBeGreaterThan(200);
      expect(Number(/\d+/.exec(paper)![0])).toBeLessThan(60);
    });
  });

  it("the page says so when the model is missing", async () => {
    const files = new Map([...siteFiles()].filter(([path]) => !path.endsWith(".safetensors")));
    const without = await serve(files);
    const page = await browser!.newPage();
    try {
      await page.goto(without.url);
      await expectText(page, "#problem", /cannot be read: the model was not found .*404/);
    } finally {
      await page.close();
      without.close();
    }
  });
});

function siteFiles(): Map<string, Uint8Array> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return new Map(
    files.map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path))]),
  );
}

/** Moves the mouse as somebody would who writes the digit into the middle of the square. */
async function draw(page: Page, digit: string, index: number): Promise<void> {
  const { x, y, width } = (await page.locator("#pad").boundingBox())!;
  const side = 0.6 * width;
  const place = (share: number): number => (width - side) / 2 + share * side;
  for (const { points } of handwrittenStrokes(digit, { seed: 11, index })) {
    // As few points as a quick hand leaves: each takes the time of a frame.
    const step = 2 * Math.max(Math.floor(points.length / 32), 1);
    await page.mouse.move(x + place(points[0]), y + place(points[1]));
    await page.mouse.down();
    for (let p = step; p < points.length; p += step)
      await page.mouse.move(x + place(points[p]), y + place(points[p + 1]));
    await page.mouse.move(
      x + place(points[points.length - 2]),
      y + place(points[points.length - 1]),
    );
    await page.mouse.up();
  }
}

async function line(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const { x, y, width } = (await page.locator("#pad").boundingBox())!;
  await page.mouse.move(x + from[0] * width, y + from[1] * width);
  await page.mouse.down();
  await page.mouse.move(x + to[0] * width, y + to[1] * width, { steps: 5 });
  await page.mouse.up();
}

/** The digit that is announced once all is read. */
async function whatIsRead(page: Page): Promise<string> {
  // Whatever was under way is over after some frames.
  await page.evaluate("new Promise((done) => setTimeout(done, 100))");
  await expectText(page, "#said", /^Read as \d/);
  return /\d/.exec((await page.textContent("#said"))!)![0];
}

const expectText = (page: Page, selector: string, text: string | RegExp): Promise<void> =>
  expect
    .poll(() => page.textContent(selector), { timeout: 5000 })
    .toMatch(typeof text === "string" ? new RegExp(`^${text}$`) : text);

/** Of a copy: a canvas that is read often is drawn more slowly, and Chromium would complain. */
const padPixels = `(() => {
  const pad = document.getElementById("pad");
  const copy = new OffscreenCanvas(pad.width, pad.height).getContext("2d");
  copy.drawImage(pad, 0, 0);
  return copy.getImageData(0, 0, pad.width, pad.height).data;
})()`;

/** Pixels of the square that have ink. */
const inkOnPad = (page: Page): Promise<number> =>
  page.evaluate<number>(`${padPixels}.filter((alpha, i) => i % 4 === 3 && alpha > 0).length`);

/** The red share of the ink. */
const redOfInk = (page: Page): Promise<number> =>
  page.evaluate<number>(`(() => {
    const data = ${padPixels};
    return data[data.findIndex((alpha, i) => i % 4 === 3 && alpha === 255) - 3];
  })()`);
