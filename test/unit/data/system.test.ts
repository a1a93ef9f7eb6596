import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FileError, ValueError } from "inkgrad";
import { idx } from "inkgrad/data";
import { exists, listFolder, readFile, readPieces } from "@src/data/system.js";
import { writeFileSafely } from "@src/data/system-write.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("reading", () => {
  it("gives the bytes of a path or a URL, in memory of their own", async () => {
    writeFileSync(at("a.bin"), bytes(1, 2, 3));
    const found = await readFile(at("a.bin"));
    expect(found).toEqual(bytes(1, 2, 3));
    expect(found.buffer.byteLength).toBe(3);
    expect(await readFile(pathToFileURL(at("a.bin")))).toEqual(found);
  });

  it("says that a file is not there, and its name", async () => {
    await expect(readFile(at("none.bin"))).rejects.toThrow(FileError);
    await expect(readFile(at("none.bin"))).rejects.toThrow(/none\.bin: no such file or folder/);
    await expect(readFile(folder)).rejects.toThrow(/it is a folder/);
    await expect(readFile(at("a.bin/b"))).rejects.toThrow(FileError);
    await expect(readFile(new URL("http://localhost/x"))).rejects.toThrow(/only file: URLs/);
  });

  it("refuses what is no path, and files that are too large", async () => {
    await expect(readFile(7 as never)).rejects.toThrow(ValueError);
    await expect(readFile("")).rejects.toThrow(ValueError);
    await expect(readFile(at("a.bin"), { maxBytes: 2 })).rejects.toThrow(/3 bytes.*maxBytes/);
  });

  it("by pieces gives the same bytes, whatever their size", async () => {
    const all = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
    writeFileSync(at("long.bin"), all);
    for (const pieceBytes of [1, 7, 999, 1000, 4096]) {
      const pieces: number[] = [];
      for await (const piece of readPieces(at("long.bin"), { pieceBytes })) {
        expect(piece.length).toBeLessThanOrEqual(pieceBytes);
        pieces.push(...piece);
      }
      expect(pieces).toEqual([...all]);
    }
    await expect(readPieces(at("none.bin")).next()).rejects.toThrow(/no such file/);
  });

  it("lists a folder in the order of names, links followed and broken ones left out", async () => {
    mkdirSync(at("list/sub"), { recursive: true });
    for (const name of ["b.txt", "a.txt", "B.txt"]) writeFileSync(at(`list/${name}`), "");
    symlinkSync(at("list/a.txt"), at("list/link"));
    symlinkSync(at("nowhere"), at("list/broken"));
    const found = await listFolder(at("list"));
    expect(found.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "B.txt file",
      "a.txt file",
      "b.txt file",
      "link file",
      "sub folder",
    ]);
    await expect(listFolder(at("list/a.txt"))).rejects.toThrow(/not a folder/);
    await expect(listFolder(at("nowhere"))).rejects.toThrow(/no such file or folder/);
    expect([await exists(at("list")), await exists(at("nowhere"))]).toEqual([true, false]);
  });

  it("says in a browser that bytes are to be given instead", async () => {
    vi.stubGlobal("process", { versions: {} });
    const failing = [readFile("a"), listFolder("a"), writeFileSafely("a", bytes(1)), idx.read("a")];
    const errors = await Promise.allSettled(failing);
    vi.unstubAllGlobals();
    for (const error of errors)
      expect((error as PromiseRejectedResult).reason).toMatchObject({
        name: "FileError",
        message: expect.stringContaining("decode(bytes)") as string,
      });
  });
});

describe("writeFileSafely", () => {
  it("writes, writes over, makes the folder, and leaves nothing else behind", async () => {
    const path = at("made/for/it.bin");
    await writeFileSafely(path, bytes(1, 2, 3));
    await writeFileSafely(pathToFileURL(path), bytes(4));
    expect([...readFileSync(path)]).toEqual([4]);
    await writeFileSafely(path, bytes());
    expect(readFileSync(path).length).toBe(0);
    expect(readdirSync(at("made/for"))).toEqual(["it.bin"]);
  });

  it("writes more than one piece, and a view of a larger array", async () => {
    const large = new Uint8Array(3 * 2 ** 20).map((_, i) => i % 249);
    await writeFileSafely(at("large.bin"), large.subarray(5));
    expect(Buffer.from(large.subarray(5)).equals(readFileSync(at("large.bin")))).toBe(true);
  });

  it("leaves things as they were where it cannot write", async () => {
    mkdirSync(at("target/inside"), { recursive: true });
    await expect(writeFileSafely(at("target"), bytes(1))).rejects.toThrow(FileError);
    await expect(writeFileSafely(at("a.bin/b"), bytes(1))).rejects.toThrow(FileError);
    expect(readdirSync(at("target"))).toEqual(["inside"]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("puts the bytes onto the disk and reads them back before they take the name, and then the name", async () => {
    const path = at("ordered.bin");
    const real = process.getBuiltinModule("node:fs/promises");
    const [open, rename] = [real.open.bind(real), real.rename.bind(real)];
    const done: string[] = [];
    vi.spyOn(real, "open").mockImplementation(async (name, flags) => {
      const what =
        name === folder ? "folder" : String(name).endsWith(".tmp") ? "temporary" : "file";
      const file = await open(name, flags);
      for (const step of ["writeFile", "sync", "read"] as const) {
        const own = (file[step] as (...args: unknown[]) => Promise<unknown>).bind(file);
        file[step] = (async (...args: unknown[]) => {
          const result = await own(...args);
          if (done.at(-1) !== `${step} ${what}`) done.push(`${step} ${what}`);
          return result;
        }) as never;
      }
      return file;
    });
    vi.spyOn(real, "rename").mockImplementation(async (from, to) => {
      done.push(`rename to ${to === path ? "file" : String(to)}`);
      await rename(from, to);
    });
    await writeFileSafely(path, bytes(1, 2, 3));
    expect(done).toEqual([
      ...["writeFile temporary", "sync temporary", "read temporary"],
      ...["rename to file", "sync folder"],
    ]);
  });

  it("reads back, and keeps the old file where the disk gives other bytes", async () => {
    const path = at("kept.bin");
    writeFileSync(path, bytes(1, 2, 3));
    const real = process.getBuiltinModule("node:fs/promises");
    const open = real.open.bind(real);
    vi.spyOn(real, "open").mockImplementation(async (name, flags) => {
      const file = await open(name, flags);
      if (flags !== "wx") return file;
      const write = file.writeFile.bind(file);
      // A disk that turns a bit around.
      file.writeFile = (data) => write((data as Uint8Array).map((x, i) => (i === 1 ? x ^ 4 : x)));
      return file;
    });
    await expect(writeFileSafely(path, bytes(7, 8, 9))).rejects.toThrow(/read back differs/);
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(existsSync(path)).toBe(true);
  });
});
