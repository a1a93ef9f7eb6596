import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { FileError, FormatError } from "inkgrad";
import { digits } from "inkgrad/data";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { download, Unreachable } from "@src/data/digits/download.js";
import type { MnistFile } from "@src/data/digits/files.js";
import { mnistFiles } from "@src/data/digits/files.js";
import { memoryStore } from "@src/data/digits/store.js";
import { cacheFolder, folderStore } from "@src/data/system-cache.js";
import {
  type Answer,
  type Mirror,
  serve,
  serveInPieces,
  startMirror,
} from "../../support/mirror.js";
import { sharedData } from "../../support/shared-data.js";

const real = `${sharedData}mnist`;
const withMnist = it.skipIf(sharedData === undefined);

let folder: string;
let mirrors: Mirror[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "inkgrad-digits-"));
  mirrors = [];
  vi.stubEnv("INKGRAD_DATA", "");
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "xdg"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(mirrors.map((mirror) => mirror.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function mirror(answer: Answer): Promise<Mirror> {
  const started = await startMirror(answer);
  mirrors.push(started);
  return started;
}

/** A file of the same make as MNIST's labels, but of our own. */
function sample(count = 50_000): { file: MnistFile; packed: Uint8Array; elements: Uint8Array } {
  const elements = Uint8Array.from({ length: count }, (_, i) => (i * i * 7919 + (i >> 3)) % 251);
  const plain = Buffer.alloc(8 + count);
  plain.writeUInt32BE(0x801, 0);
  plain.writeUInt32BE(count, 4);
  plain.set(elements, 8);
  const sha256 = createHash("sha256").update(plain).digest("hex");
  const file = { name: "sample-idx1-ubyte", sizeBytes: plain.length, sha256, shape: [count] };
  return { file, packed: new Uint8Array(gzipSync(plain, { level: 1 })), elements };
}

const { file, packed, elements } = sample();
const name = `${file.name}.gz`;
const fetchSample = async (mirrors: readonly string[], timeoutMs = 2000) =>
  download(file, await folderStore(folder), { mirrors, timeoutMs });

describe("a download", () => {
  it("is checked, kept whole, and leaves nothing else behind", async () => {
    const { url } = await mirror(serve({ [name]: packed }));
    expect(await fetchSample([url])).toEqual(elements);
    expect(readdirSync(folder)).toEqual([name]);
    expect(new Uint8Array(readFileSync(join(folder, name)))).toEqual(packed);
  });

  it("reports how far it is, up to the whole", async () => {
    const { url } = await mirror(serve({ [name]: packed }));
    const seen: number[] = [];
    await download(file, memoryStore(), {
      mirrors: [url],
      timeoutMs: 2000,
      onProgress({ receivedBytes, totalBytes, file }) {
        expect([totalBytes, file]).toEqual([packed.length, name]);
        seen.push(receivedBytes);
      },
    });
    expect(seen.at(-1)).toBe(packed.length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it.each(["folder", "memory"])("goes on where cut connections left it (%s)", async (kind) => {
    const piece = Math.ceil(packed.length / 4);
    const { url, requests } = await mirror(serveInPieces({ [name]: packed }, piece));
    const store = kind === "folder" ? await folderStore(folder) : memoryStore();
    expect(await download(file, store, { mirrors: [url], timeoutMs: 2000 })).toEqual(elements);
    expect(requests).toEqual([name, ...[1, 2, 3].map((i) => `${name} bytes=${i * piece}-`)]);
  });

  it("goes on with what an earlier program left", async () => {
    await writeFile(join(folder, `${name}.part`), packed.subarray(0, 1000));
    const { url, requests } = await mirror(serve({ [name]: packed }));
    expect(await fetchSample([url])).toEqual(elements);
    expect(requests).toEqual([`${name} bytes=1000-`]);
  });

  it("takes a part that is complete already", async () => {
    await writeFile(join(folder, `${name}.part`), packed);
    const { url, requests } = await mirror(serve({ [name]: packed }));
    expect(await fetchSample([url])).toEqual(elements);
    expect(requests).toEqual([`${name} bytes=${packed.length}-`]);
  });

  it("begins anew when the part is longer than the file, or the mirror knows no ranges", async () => {
    await writeFile(join(folder, `${name}.part`), new Uint8Array(packed.length + 5));
    const first = await mirror(serve({ [name]: packed }));
    expect(await fetchSample([first.url])).toEqual(elements);
    expect(first.requests).toEqual([`${name} bytes=${packed.length + 5}-`, name]);

    await writeFile(join(folder, `${name}.part`), new Uint8Array(1000));
    const second = await mirror((_, __, response) => void response.end(packed));
    expect(await fetchSample([second.url])).toEqual(elements);
  });

  it("begins anew when a part turns out to be of something else", async () => {
    await writeFile(join(folder, `${name}.part`), new Uint8Array(1000));
    const { url, requests } = await mirror(serve({ [name]: packed }));
    expect(await fetchSample([url])).toEqual(elements);
    expect(requests).toEqual([`${name} bytes=1000-`, name]);
    expect(readdirSync(folder)).toEqual([name]);
  });

  it.each<[string, Answer, RegExp]>([
    ["knows no such file", (_, __, response) => void response.writeHead(404).end(), /status 404/],
    ["is broken", (_, __, response) => void response.writeHead(503).end(), /status 503/],
    [
      "sends the page of a log-in",
      (_, __, response) =>
        void response.writeHead(200, { "content-type": "text/html" }).end("<p>Log in"),
      /a page, not a file/,
    ],
    ["never answers", () => undefined, /nothing for 400 ms/],
    [
      "stops in the middle",
      (_, __, response) => {
        response.writeHead(200, { "content-length": packed.length });
        response.write(packed.subarray(0, 10));
      },
      /nothing for 400 ms/,
    ],
    [
      "sends another range than it was asked for",
      (_, request, response) =>
        void response
          .writeHead(206, { "content-range": `bytes 7-${packed.length - 1}/${packed.length}` })
          .end(request.headers.range),
      /sends others/,
    ],
  ])("goes to the next mirror when one %s", async (_, answer, reason) => {
    const bad = await mirror(answer);
    const good = await mirror(serve({ [name]: packed }));
    // The good one must not be too slow when the machine is busy.
    const timeoutMs = String(reason).includes("nothing for") ? 400 : 5000;
    expect(await fetchSample([bad.url, good.url], timeoutMs)).toEqual(elements);
    const alone = download(file, memoryStore(), { mirrors: [bad.url], timeoutMs });
    await expect(alone).rejects.toThrow(Unreachable);
    await expect(alone).rejects.toThrow(reason);
  });

  it("of wrong bytes is an error that names the file, and keeps nothing", async () => {
    const damaged = gunzipSync(packed);
    damaged[100] ^= 1;
    const { url } = await mirror(serve({ [name]: new Uint8Array(gzipSync(damaged)) }));
    const failed = fetchSample([url]);
    await expect(failed).rejects.toThrow(FormatError);
    await expect(failed).rejects.toThrow(/sample-idx1-ubyte.*SHA-256 [0-9a-f]{64}, expected/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of wrong bytes from one mirror is fetched from the next", async () => {
    const bad = await mirror(serve({ [name]: packed.subarray(0, 99) }));
    const good = await mirror(serve({ [name]: packed }));
    expect(await fetchSample([bad.url, good.url])).toEqual(elements);
  });

  it("does not unpack what lies about its size", async () => {
    const lying = packed.slice();
    new DataView(lying.buffer).setUint32(lying.length - 4, 0xfffffff0, true);
    const { url } = await mirror(serve({ [name]: lying }));
    await expect(fetchSample([url])).rejects.toThrow(/cut short, or another file/);
  });

  it("ends when a mirror sends without end", async () => {
    const block = new Uint8Array(1 << 16);
    const { url } = await mirror((_, __, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(block));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    await expect(fetchSample([url])).rejects.toThrow(/sends more than/);
  });

  it("made twice at once gives both the right bytes", async () => {
    const { url } = await mirror(serveInPieces({ [name]: packed }, 9000));
    const both = await Promise.all([fetchSample([url]), fetchSample([url])]);
    expect(both).toEqual([elements, elements]);
    expect(new Uint8Array(readFileSync(join(folder, name)))).toEqual(packed);
  });
});

describe("digits", () => {
  const generated = { train: 30, test: 20 };

  /** An address that refuses connections. */
  async function nobody(): Promise<string> {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
    );
    await new Promise((closed) => server.close(closed));
    return `http://127.0.0.1:${port}/`;
  }

  it("are drawn by the generator when there is no network, and say so", async () => {
    const said: string[] = [];
    const { train, test, source } = await digits({
      mirrors: [await nobody()],
      generated,
      announce: (message) => said.push(message),
    });
    expect(source.kind).toBe("handwriting");
    expect(said.at(-1)).toMatch(/MNIST cannot be had .*ECONNREFUSED.*handwriting generator/);
    expect([train.x.shape, train.y.shape]).toEqual([[30, 28, 28, 1], [30]]);
    expect([test.x.shape, test.x.dtype, test.y.dtype]).toEqual([[20, 28, 28, 1], "u8", "u8"]);
    expect(test.x.toArray()).not.toEqual(train.x.toArray().slice(0, 20));
  });

  it("notice a network that swallows everything within the time allowed", async () => {
    const silent = await mirror(() => undefined);
    const started = performance.now();
    const announce = () => undefined;
    const mirrors = [silent.url, silent.url];
    const { source } = await digits({ mirrors, generated, announce, timeoutMs: 150 });
    expect(source.kind).toBe("handwriting");
    // The first file decides: two mirrors, once each.
    expect(silent.requests).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("warn on the console unless told where to speak", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    await digits({ mirrors: [], generated });
    expect(warn.mock.calls.flat().join()).toContain("handwriting generator");
    warn.mockRestore();
  });

  it("ask nobody when downloading is turned off", async () => {
    const { url, requests } = await mirror(serve({}));
    const said: string[] = [];
    const announce = (message: string) => said.push(message);
    const { source } = await digits({ mirrors: [url], download: false, generated, announce });
    expect([source.kind, requests, said.length]).toEqual(["handwriting", [], 1]);
    expect(said[0]).toContain("downloading is turned off");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("reject a folder that was asked for and lacks files, naming both", async () => {
    await writeFile(join(folder, "train-images-idx3-ubyte"), "");
    const failed = digits({ data: folder });
    await expect(failed).rejects.toThrow(FileError);
    await expect(failed).rejects.toThrow(`${folder} has no train-labels-idx1-ubyte, t10k-images`);
    vi.stubEnv("INKGRAD_DATA", join(folder, "nowhere"));
    await expect(digits()).rejects.toThrow(/\$INKGRAD_DATA is .*nowhere/);
  });

  it("reject files that are not MNIST's, naming the file and what to do", async () => {
    for (const { name } of mnistFiles) await writeFile(join(folder, name), "not digits at all");
    const failed = digits({ data: folder });
    await expect(failed).rejects.toThrow(FormatError);
    await expect(failed).rejects.toThrow(/train-images-idx3-ubyte: it has 17 bytes.*put the right/);
  });

  it("reject a damaged file in the cache instead of generating, and say to delete it", async () => {
    const cache = await cacheFolder("mnist");
    await mkdir(cache, { recursive: true });
    const path = join(cache, "train-images-idx3-ubyte.gz");
    await writeFile(path, packed);
    await expect(digits({ mirrors: [], generated })).rejects.toThrow(
      new RegExp(`${path}.*delete it, and it will be downloaded again`),
    );
  });

  it("look first where they are told to, then where $INKGRAD_DATA says, then in the cache", async () => {
    const cache = await cacheFolder("mnist");
    await mkdir(cache, { recursive: true });
    await writeFile(join(cache, "train-images-idx3-ubyte.gz"), packed);
    // None of them has the digits, so that each says by its error that it was the one to be asked.
    const own = { mirrors: [], generated };
    vi.stubEnv("INKGRAD_DATA", join(folder, "named"));
    await expect(digits({ ...own, data: join(folder, "told") })).rejects.toThrow(
      /the option data is .*told/,
    );
    await expect(digits(own)).rejects.toThrow(/\$INKGRAD_DATA is .*named/);
    vi.stubEnv("INKGRAD_DATA", "");
    await expect(digits(own)).rejects.toThrow(new RegExp(`${cache}.*delete it`));
    rmSync(cache, { recursive: true });
    const said: string[] = [];
    const { source } = await digits({ ...own, announce: (message) => said.push(message) });
    expect([source.kind, said[0]]).toEqual([
      "handwriting",
      `Downloading MNIST (11 MB) to ${cache}`,
    ]);
  });

  withMnist(
    "are MNIST from $INKGRAD_DATA, which may be the parent of the files' folder",
    async () => {
      vi.stubEnv("INKGRAD_DATA", join(real, ".."));
      const { train, test, source } = await digits();
      expect(source).toEqual({ kind: "mnist", where: real });
      expect([train.x.shape, train.y.shape]).toEqual([[60_000, 28, 28, 1], [60_000]]);
      expect([test.x.shape, test.y.shape]).toEqual([[10_000, 28, 28, 1], [10_000]]);
      expect((await train.y.data()).slice(0, 10)).toEqual(
        Uint8Array.of(5, 0, 4, 1, 9, 2, 1, 3, 1, 4),
      );
      // The mean grey level that everybody normalises with: 0.1307.
      const pixels = await train.x.data();
      let sum = 0;
      for (let i = 0; i < pixels.length; i++) sum += pixels[i];
      expect(sum / pixels.length / 255).toBeCloseTo(0.1307, 4);
    },
  );

  withMnist("are downloaded into the cache once, then read from it", async () => {
    const files = Object.fromEntries(
      mnistFiles.map(({ name }) => [`${name}.gz`, readFileSync(join(real, `${name}.gz`))]),
    );
    const { url, requests } = await mirror(serve(files));
    const said: string[] = [];
    const options = { mirrors: [url], announce: (message: string) => said.push(message) };
    const first = await digits(options);
    const cache = join(folder, "xdg", "inkgrad", "mnist");
    expect(first.source).toEqual({ kind: "mnist", where: cache });
    expect(said).toEqual([`Downloading MNIST (11 MB) to ${cache}`]);
    expect(requests).toEqual(mnistFiles.map(({ name }) => `${name}.gz`));

    rmSync(join(cache, "t10k-labels-idx1-ubyte.gz"));
    const second = await digits(options);
    expect(requests.slice(4)).toEqual(["t10k-labels-idx1-ubyte.gz"]);
    expect(second.test.y.toArray()).toEqual(first.test.y.toArray());
  });

  withMnist("are plain files too, under the names that unpackers give", async () => {
    const below = join(folder, "MNIST", "raw");
    await mkdir(below, { recursive: true });
    for (const { name } of mnistFiles) {
      const packed = join(real, `${name}.gz`);
      if (name.includes("t10k"))
        await writeFile(
          join(below, name.replace("-idx", ".idx")),
          gunzipSync(readFileSync(packed)),
        );
      else await copyFile(packed, join(below, `${name}.gz`));
    }
    // Here the option goes before the variable.
    vi.stubEnv("INKGRAD_DATA", "/nowhere");
    expect((await digits({ data: folder })).source.where).toBe(below);
  });
});

describe("the user's cache", () => {
  it("is where the platform has it", async () => {
    expect(await cacheFolder("mnist")).toBe(join(folder, "xdg", "inkgrad", "mnist"));
    vi.stubEnv("XDG_CACHE_HOME", "relative");
    vi.stubEnv("HOME", folder);
    if (process.platform !== "win32")
      expect(await cacheFolder("mnist")).toBe(join(folder, ".cache", "inkgrad", "mnist"));
  });

  it("that cannot be made is done without, and that is said", async () => {
    const blocked = join(folder, "file");
    await writeFile(blocked, "");
    const said: string[] = [];
    await digits({
      cache: join(blocked, "mnist"),
      mirrors: [],
      generated: { train: 1, test: 1 },
      announce: (message) => said.push(message),
    });
    expect(said[0]).toMatch(/cannot be kept/);
    expect(statSync(blocked).isFile()).toBe(true);
  });
});
