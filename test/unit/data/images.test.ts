import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import * as jpegJs from "jpeg-js";
import { describe, expect, it } from "vitest";
import {
  FileError,
  FormatError,
  ShapeError,
  tensor,
  type Tensor,
  ValueError,
  zeros,
} from "inkgrad";
import { image, imageFolder, jpeg, png } from "inkgrad/data";
import { crc32 } from "@src/data/formats/crc32.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const golden = (name: string): Uint8Array =>
  readFileSync(new URL(`../../golden/files/${name}`, import.meta.url));

const bytes = (shape: number[]): Tensor =>
  tensor(
    Uint8Array.from({ length: shape.reduce((n, x) => n * x, 1) }, (_, i) => (i * 37) % 256),
    { shape },
  );

const uint = (value: number): number[] => [
  value >>> 24,
  (value >> 16) & 255,
  (value >> 8) & 255,
  value & 255,
];
const chunk = (type: string, data: Uint8Array): number[] => {
  const body = Uint8Array.from([...new TextEncoder().encode(type), ...data]);
  return [...uint(data.length), ...body, ...uint(crc32(body))];
};
const pngOf = (width: number, height: number, rest: [string, Uint8Array][]): Uint8Array =>
  Uint8Array.from([
    0x89,
    0x50,
    0x4e,
    0x47,
    13,
    10,
    26,
    10,
    ...chunk("IHDR", Uint8Array.from([...uint(width), ...uint(height), 8, 0, 0, 0, 0])),
    ...rest.flatMap(([type, data]) => chunk(type, data)),
    ...chunk("IEND", new Uint8Array(0)),
  ]);

describe("crc32", () => {
  it("is the known answer, also in parts", () => {
    const text = new TextEncoder().encode("123456789");
    expect(crc32(text)).toBe(0xcbf43926);
    expect(crc32(text.subarray(4), crc32(text.subarray(0, 4)))).toBe(0xcbf43926);
  });
});

describe("png", () => {
  it.each([[[3, 5, 1]], [[3, 5, 2]], [[4, 1, 3]], [[1, 2, 4]]])("%j comes back", (shape) => {
    const x = bytes(shape);
    const found = png.decode(png.encode(x));
    expect([found.shape, found.dtype, found.toArray()]).toEqual([shape, "u8", x.toArray()]);
  });

  it("takes two axes for grey", () => {
    expect(png.decode(png.encode(bytes([2, 3]))).toArray()).toEqual(bytes([2, 3, 1]).toArray());
  });

  it("refuses to write what is no image of bytes", () => {
    expect(() => png.encode(zeros([2, 2]))).toThrow(/cast\("u8"\)/);
    expect(() => png.encode(bytes([2, 2, 5]))).toThrow(ValueError);
    expect(() => png.encode(bytes([0, 2]))).toThrow(ValueError);
    expect(() => png.encode([[1]] as never)).toThrow(/expected a tensor/);
  });

  it("writes and reads files", async () => {
    const x = bytes([2, 2, 3]);
    await png.write(at("x.png"), x);
    expect((await png.read(at("x.png"))).toArray()).toEqual(x.toArray());
    expect((await image.read(at("x.png"), { channels: "grey" })).shape).toEqual([2, 2, 1]);
  });

  it("refuses more pixels than are allowed before it unpacks them", () => {
    const held = process.memoryUsage().arrayBuffers;
    expect(() => png.decode(pngOf(2 ** 31 - 1, 2 ** 31 - 1, []))).toThrow(/more than the 67108864/);
    expect(() => png.decode(bytesOf(golden("rgb.png")), { maxPixels: 34 })).toThrow(/maxPixels/);
    expect(process.memoryUsage().arrayBuffers - held).toBeLessThan(2 ** 20);
  });

  it("stops a bomb at the size of the image, in the pixels and in what is not needed", () => {
    const bomb = Uint8Array.from(deflateSync(new Uint8Array(2 ** 27)));
    const held = process.memoryUsage().arrayBuffers;
    expect(() => png.decode(pngOf(4, 4, [["IDAT", bomb]]))).toThrow(/more than the 20 bytes/);
    const pixels = Uint8Array.from(deflateSync(new Uint8Array(20)));
    const profile = Uint8Array.from([0x61, 0, 0, ...bomb]);
    expect(
      png.decode(
        pngOf(4, 4, [
          ["iCCP", profile],
          ["IDAT", pixels],
        ]),
      ).shape,
    ).toEqual([4, 4, 1]);
    expect(process.memoryUsage().arrayBuffers - held).toBeLessThan(2 ** 24);
  });

  it("says how much is missing", () => {
    const few = Uint8Array.from(deflateSync(new Uint8Array(7)));
    expect(() => png.decode(pngOf(4, 4, [["IDAT", few]]))).toThrow(
      /20 bytes were expected, 7 came/,
    );
    const file = golden("grey.png");
    expect(() => png.decode(file.subarray(0, 60))).toThrow(/bytes were expected, 60 came/);
    expect(() => png.decode(bytesOf(golden("rgb.jpg")))).toThrow(/PNG signature/);
  });

  it("notices every flipped bit of what it uses", () => {
    const file = golden("palette4-alpha.png");
    for (let bit = 0; bit < 8 * file.length; bit++) {
      const flipped = Uint8Array.from(file);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      expect(() => png.decode(flipped), `bit ${bit}`).toThrow(FormatError);
    }
  });
});

const bytesOf = (data: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(data);

describe("jpeg", () => {
  it("refuses sizes that its bytes cannot hold, and too many pixels", () => {
    const file = bytesOf(golden("rgb.jpg"));
    const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
    file.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    const held = process.memoryUsage().arrayBuffers;
    expect(() => jpeg.decode(file, { maxPixels: 2 ** 33 })).toThrow(/bytes were expected/);
    expect(() => jpeg.decode(file)).toThrow(/65535 × 65535.*maxPixels/);
    expect(process.memoryUsage().arrayBuffers - held).toBeLessThan(2 ** 20);
  });

  it("refuses what is cut short anywhere", () => {
    for (const name of ["rgb.jpg", "rgb-progressive.jpg", "grey.jpg"]) {
      const file = golden(name);
      for (let end = 0; end < file.length - 1; end += 3)
        expect(() => jpeg.decode(file.subarray(0, end)), `${name} ${end}`).toThrow(FormatError);
    }
  });

  it("reads a large image in its own colours", () => {
    const [height, width] = [300, 500];
    const data = new Uint8Array(height * width * 4);
    for (let i = 0; i < height * width; i++)
      data.set([(i % width) >> 1, Math.floor(i / width) >> 1, 128, 255], 4 * i);
    const found = jpeg.decode(jpegJs.encode({ width, height, data }, 95).data);
    expect(found.shape).toEqual([height, width, 3]);
    const [r, g, b] = found.toArray()[200][300];
    expect([Math.abs(r - 150), Math.abs(g - 100), Math.abs(b - 128)].every((d) => d <= 6)).toBe(
      true,
    );
  });
});

/** A TIFF header and one entry, as cameras write them before the picture. */
const exif = (orientation: number, little: boolean): number[] => {
  const turn = (...bytes: number[]) => (little ? bytes.reverse() : bytes);
  const entry = [...turn(1, 0x12), ...turn(0, 3), ...turn(0, 0, 0, 1)];
  const tiff = [
    ...(little ? [0x49, 0x49] : [0x4d, 0x4d]),
    ...[...turn(0, 42), ...turn(0, 0, 0, 8), ...turn(0, 1)],
    ...[...entry, ...turn(0, orientation), 0, 0, 0, 0, 0, 0],
  ];
  const body = [...new TextEncoder().encode("Exif\0\0"), ...tiff];
  return [0xff, 0xe1, 0, body.length + 2, ...body];
};

describe("a camera's note which way is up", () => {
  // Where the first row and the first column of what is stored are to be seen, as Exif words it.
  const sides = [
    ["top", "left"],
    ["top", "right"],
    ["bottom", "right"],
    ["bottom", "left"],
    ["left", "top"],
    ["right", "top"],
    ["right", "bottom"],
    ["left", "bottom"],
  ] as const;
  const [height, width] = [16, 24];
  const data = new Uint8Array(height * width * 4);
  for (let i = 0; i < height * width; i++)
    data.set([i < 8 * width ? 250 : 5, i % width < 8 ? 250 : 5, 0, 255], 4 * i);
  const plain = Array.from(jpegJs.encode({ width, height, data }, 100).data);
  const withNote = (note: number[]) =>
    Uint8Array.from([...plain.slice(0, 2), ...note, ...plain.slice(2)]);

  it.each(sides.map((side, i) => [i + 1, ...side] as const))(
    "%i: the first row is seen at the %s, the first column at the %s",
    (orientation, row, column) => {
      for (const little of [true, false]) {
        const found = image.decode(withNote(exif(orientation, little)));
        const [h, w] = found.shape;
        expect([h, w]).toEqual(orientation < 5 ? [16, 24] : [24, 16]);
        const pixels = found.toArray();
        const middles = {
          top: pixels[0][w / 2],
          bottom: pixels[h - 1][w / 2],
          left: pixels[h / 2][0],
          right: pixels[h / 2][w - 1],
        };
        const opposite = { top: "bottom", bottom: "top", left: "right", right: "left" } as const;
        expect(middles[row][0]).toBeGreaterThan(200);
        expect(middles[opposite[row]][0]).toBeLessThan(60);
        expect(middles[column][1]).toBeGreaterThan(200);
        expect(middles[opposite[column]][1]).toBeLessThan(60);
      }
    },
  );

  it("is left alone if that is asked for, and where it makes no sense", () => {
    const shape = [16, 24, 3];
    expect(image.decode(withNote(exif(6, true)), { upright: false }).shape).toEqual(shape);
    expect(image.decode(withNote(exif(9, true))).shape).toEqual(shape);
    const note = exif(6, true);
    for (let at = 4; at < note.length; at++) {
      const cut = note.slice(0, at);
      cut[3] = at - 2;
      expect(image.decode(withNote(cut)).shape[2], `cut after ${at}`).toBe(3);
    }
  });
});

describe("image", () => {
  it("tells formats by their bytes, and says if it is neither", () => {
    expect(image.decode(golden("rgb.jpg")).shape).toEqual([16, 24, 3]);
    expect(image.decode(golden("grey.png")).shape).toEqual([5, 7, 1]);
    expect(() => image.decode(new TextEncoder().encode("GIF89a"))).toThrow(/neither PNG nor JPEG/);
  });

  it("converts between channels, over a background where alpha goes", () => {
    const x = tensor(
      [
        [
          [10, 20, 30, 255],
          [10, 20, 30, 0],
          [0, 0, 0, 51],
        ],
      ],
      { dtype: "u8" },
    );
    expect(image.convert(x, "rgb").toArray()).toEqual([
      [
        [10, 20, 30],
        [255, 255, 255],
        [204, 204, 204],
      ],
    ]);
    expect(image.convert(x, "rgb", { background: 0 }).toArray()[0][1]).toEqual([0, 0, 0]);
    expect(image.convert(x, "grey").toArray()).toEqual([[[18], [255], [204]]]);
    const grey = tensor([[[7, 128]]], { dtype: "u8" });
    expect(image.convert(grey, "rgba").toArray()).toEqual([[[7, 7, 7, 128]]]);
    expect(image.convert(tensor([[[7]]], { dtype: "u8" }), "rgba").toArray()).toEqual([
      [[7, 7, 7, 255]],
    ]);
  });

  it("refuses what is no image", () => {
    expect(() => image.convert(bytes([2, 2]), "grey")).toThrow(ShapeError);
    expect(() => image.convert(zeros([2, 2, 3]), "grey")).toThrow(ShapeError);
    expect(() => image.convert(bytes([2, 2, 3]), "cmyk" as never)).toThrow(ValueError);
    expect(() => image.convert(bytes([2, 2, 4]), "rgb", { background: 300 })).toThrow(ValueError);
  });
});

describe("imageFolder", () => {
  const put = (name: string, data: Uint8Array): void => {
    mkdirSync(join(at(name), ".."), { recursive: true });
    writeFileSync(at(name), data);
  };
  for (const [name, value] of [
    ["b/2.png", 2],
    ["b/1.png", 1],
    ["a/x.png", 9],
    ["a/deep/y.png", 8],
  ] as const)
    put(`good/${name}`, png.encode(tensor(new Uint8Array(12).fill(value), { shape: [2, 2, 3] })));
  put("good/.hidden/z.png", Uint8Array.of(1));
  put("good/a/.DS_Store", Uint8Array.of(1));
  put("good/readme.txt", Uint8Array.of(1));

  it("reads a class for every folder, in the order of names", async () => {
    const data = await imageFolder.read(at("good"));
    expect(data.classes).toEqual(["a", "b"]);
    expect([data.x.shape, data.x.dtype, data.y.dtype]).toEqual([[4, 2, 2, 3], "u8", "i32"]);
    expect(data.y.toArray()).toEqual([0, 0, 1, 1]);
    expect(data.x.toArray().map((one) => one[0][0][0])).toEqual([8, 9, 1, 2]);
    expect(data.files.map((path) => path.slice(at("good").length))).toEqual([
      "/a/deep/y.png",
      "/a/x.png",
      "/b/1.png",
      "/b/2.png",
    ]);
    const grey = await imageFolder.read(at("good"), { channels: "grey" });
    expect(grey.x.shape).toEqual([4, 2, 2, 1]);
  });

  it("names files that are no images, or leaves them out and lists them", async () => {
    put("bad/a/good.png", golden("rgb.png"));
    put("bad/a/text.png", new TextEncoder().encode("hello"));
    put("bad/b/cut.jpg", golden("rgb.jpg").subarray(0, 99));
    await expect(imageFolder.read(at("bad"))).rejects.toThrow(FileError);
    await expect(imageFolder.read(at("bad"))).rejects.toThrow(
      /2 of 3 files[^]*text\.png[^]*cut\.jpg/,
    );
    const data = await imageFolder.read(at("bad"), { unreadable: "skip" });
    expect(data.x.shape[0]).toBe(1);
    expect(data.unreadable.map(({ path }) => path)).toEqual([
      at("bad/a/text.png"),
      at("bad/b/cut.jpg"),
    ]);
  });

  it("asks for one size, or for a way to make it", async () => {
    put("sizes/a/1.png", png.encode(bytes([2, 2, 1])));
    put("sizes/a/2.png", png.encode(bytes([3, 2, 1])));
    await expect(imageFolder.read(at("sizes"))).rejects.toThrow(
      /2\.png has 3 × 2 pixels, .*1\.png 2 × 2/,
    );
    await expect(imageFolder.read(at("sizes"), { size: [2, 2] })).rejects.toThrow(ValueError);
    const asked: string[] = [];
    const data = await imageFolder.read(at("sizes"), {
      channels: "grey",
      size: [2, 2],
      resize: (x, size) => {
        asked.push(`${x.shape[0]}→${size[0]}`);
        return x.slice([[0, 2]]);
      },
    });
    expect([data.x.shape, asked]).toEqual([[2, 2, 2, 1], ["3→2"]]);
    const wrong = imageFolder.read(at("sizes"), { size: [2, 2], resize: (x) => x });
    await expect(wrong).rejects.toThrow(/resize made \[3, 2, 3\]/);
  });

  it("gives images one after the other", async () => {
    const seen: string[] = [];
    for await (const { label, image: x } of imageFolder.stream(at("good"), { channels: "grey" }))
      seen.push(`${label} ${x.toArray()[0][0][0]}`);
    expect(seen).toEqual(["0 8", "0 9", "1 1", "1 2"]);
    const labels: number[] = [];
    for await (const { label } of imageFolder.stream(at("bad"), { unreadable: "skip" }))
      labels.push(label);
    expect(labels).toEqual([0]);
    const stopping = async (): Promise<void> => {
      for await (const { path } of imageFolder.stream(at("bad")))
        expect(path).toBe(at("bad/a/good.png"));
    };
    await expect(stopping()).rejects.toThrow(/text\.png/);
  });

  it("says what a folder lacks", async () => {
    mkdirSync(at("none/a"), { recursive: true });
    await expect(imageFolder.read(at("none"))).rejects.toThrow(/class "a" has no files/);
    await expect(imageFolder.read(at("none/a"))).rejects.toThrow(/no folder in it/);
    await expect(imageFolder.read(at("nowhere"))).rejects.toThrow(/no such file or folder/);
  });
});
