import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FormatError, type Tensor } from "inkgrad";
import { image, jpeg, npy, npz, png, safetensors } from "inkgrad/data";

/** Files made by NumPy and Pillow (scripts/golden/files.py), and what is in them. */

interface Expected {
  readonly dtype: string;
  readonly shape: number[];
  readonly data: (number | boolean | string)[];
}

const file = (name: string): Uint8Array => readFileSync(new URL(`files/${name}`, import.meta.url));
const { files } = JSON.parse(new TextDecoder().decode(file("expected.json"))) as {
  files: Record<string, Expected>;
};

async function assertSame(x: Tensor, { dtype, shape, data }: Expected): Promise<void> {
  expect([x.dtype, x.shape]).toEqual([dtype, shape]);
  const found = Array.from(await x.data());
  const wanted = data.map(Number);
  expect(found.length).toBe(wanted.length);
  // f32 has the nearest of its own numbers; the expected ones are written with more digits.
  const rounded = dtype === "f32" ? wanted.map(Math.fround) : wanted;
  expect(found).toEqual(rounded);
}

const named = (end: string): string[] =>
  Object.keys(files).filter((name) => name.endsWith(end) && !name.startsWith("refused"));

describe("files of NumPy", () => {
  it.each(named(".npy"))("%s is read as NumPy reads it", async (name) => {
    await assertSame(npy.decode(file(name)), files[name]);
  });

  it("there are as many of them as types, orders and byte orders make", () => {
    expect(named(".npy").length).toBe(9 * 4 + 3 * 2 + 5);
  });

  it.each(["stored.npz", "compressed.npz"])("%s has both arrays", async (name) => {
    const tensors = npz.decode(file(name));
    expect(Object.keys(tensors)).toEqual(["a", "b"]);
    await assertSame(tensors.a, files["npz a"]);
    await assertSame(tensors.b, files["npz b"]);
  });

  it.each([
    ["refused-complex.npy", /'<c16'.*astype/],
    ["refused-text.npy", /'<U2'/],
    ["refused-structured.npy", /structured/],
    ["refused-int64.npy", /position 1 is beyond/],
  ])("%s is refused, saying why", (name, why) => {
    expect(() => npy.decode(file(name))).toThrow(FormatError);
    expect(() => npy.decode(file(name))).toThrow(why);
  });

  it.each(named("-little-c.npy").filter((name) => !/^(i1|i2|u2|i8|u8|b1)/.test(name)))(
    "what is written of %s are the bytes of NumPy",
    (name) => {
      const bytes = file(name);
      expect(Buffer.from(npy.encode(npy.decode(bytes))).equals(bytes)).toBe(true);
    },
  );
});

describe("images of Pillow", () => {
  it.each(named(".png"))("%s is read to the same pixels", async (name) => {
    await assertSame(png.decode(file(name)), files[name]);
    await assertSame(image.decode(file(name)), files[name]);
  });

  it("colour becomes the same grey", async () => {
    const grey = image.decode(file("rgb.png"), { channels: "grey" });
    await assertSame(grey, files["rgb.png as grey"]);
  });

  // Decoders may round the cosine transform differently, and blow up colour of half the size by
  // repetition or smoothly; printers' colours are converted by formulas of some freedom.
  it.each([
    ["grey.jpg", 1],
    ["rgb.jpg", 2],
    ["rgb-progressive.jpg", 2],
    ["rgb-420.jpg", 40],
    ["cmyk.jpg", 3],
  ])("%s is read to pixels that differ by at most %i", async (name, most) => {
    const { dtype, shape, data } = files[name];
    const x = jpeg.decode(file(name));
    expect([x.dtype, x.shape]).toEqual([dtype, shape]);
    const worst = Array.from(await x.data(), (v, i) => Math.abs(v - Number(data[i])));
    expect(Math.max(...worst)).toBeLessThanOrEqual(most);
  });
});

describe("a safetensors file put together by the format's description", () => {
  const { tensors, metadata } = safetensors.decode(file("all.safetensors"));

  it.each(named("").filter((name) => name.startsWith("safetensors ")))(
    "%s is read",
    async (name) => {
      await assertSame(tensors[name.slice("safetensors ".length)], files[name]);
    },
  );

  it("has its metadata", () => {
    expect({ ...metadata }).toEqual({ format: "pt", ä: "→" });
    expect(Object.keys(tensors).length).toBe(14);
  });
});
