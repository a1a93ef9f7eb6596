import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  type DType,
  FileError,
  FormatError,
  tensor,
  type Tensor,
  ValueError,
  zeros,
} from "inkgrad";
import { idx, npy, npz, safetensors } from "inkgrad/data";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { sharedData, whyWithout } from "../../support/shared-data.js";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

const samples: Record<DType, Tensor> = {
  f32: tensor([
    [0.5, -1, NaN],
    [Infinity, 3e38, 1e-45],
  ]),
  f64: tensor([0.1, 5e-324, -Infinity], { dtype: "f64" }),
  i32: tensor([[-(2 ** 31)], [2 ** 31 - 1]], { dtype: "i32" }),
  u32: tensor([0, 2 ** 32 - 1], { dtype: "u32" }),
  u8: tensor([[[0, 255]]], { dtype: "u8" }),
  bool: tensor([true, false, true]),
  f16: tensor([0.5, -65504], { dtype: "f16" }),
  bf16: tensor([1, -2.5], { dtype: "bf16" }),
};
const all = Object.entries(samples) as [DType, Tensor][];

const assertSame = async (x: Tensor, y: Tensor, dtype: DType = y.dtype): Promise<void> => {
  expect([x.dtype, x.shape]).toEqual([dtype, y.shape]);
  expect(Array.from(await x.data())).toEqual(Array.from(await y.data()));
};

describe("idx", () => {
  it.each(all.filter(([dtype]) => dtype !== "u32"))("%s comes back", async (dtype, x) => {
    const becomes: Partial<Record<DType, DType>> = { bool: "u8", f16: "f32", bf16: "f32" };
    await assertSame(idx.decode(idx.encode(x)), x, becomes[dtype]);
  });

  it("has no u32, and says what to do", () => {
    expect(() => idx.encode(samples.u32)).toThrow(ValueError);
    expect(() => idx.encode(samples.u32)).toThrow(/cast/);
  });

  it("reads signed bytes and 16 bits, most significant byte first", () => {
    const bytes = (code: number, ...data: number[]): Uint8Array =>
      Uint8Array.from([0, 0, code, 1, 0, 0, 0, 2, ...data]);
    expect(idx.decode(bytes(9, 0xff, 1)).toArray()).toEqual([-1, 1]);
    expect(idx.decode(bytes(11, 0xff, 0xfe, 1, 0)).toArray()).toEqual([-2, 256]);
  });

  it("writes and reads files, plain and compressed, and computes what is pending", async () => {
    const x = tensor([1, 2, 3], { dtype: "i32" });
    await idx.write(at("x.idx"), x.add(x));
    await assertSame(await idx.read(at("x.idx")), tensor([2, 4, 6], { dtype: "i32" }));
    writeFileSync(at("x.idx.gz"), gzipSync(idx.encode(x)));
    await assertSame(await idx.read(at("x.idx.gz")), x);
    await assertSame(idx.decode(gzipSync(idx.encode(x))), x);
  });

  it("reads gzip files of several parts, and scalars, and what is empty", async () => {
    const bytes = idx.encode(samples.i32);
    const parts = Buffer.concat([gzipSync(bytes.subarray(0, 7)), gzipSync(bytes.subarray(7))]);
    await assertSame(idx.decode(parts), samples.i32);
    await assertSame(idx.decode(idx.encode(tensor(2.5))), tensor(2.5));
    await assertSame(idx.decode(idx.encode(zeros([0, 3]))), zeros([0, 3]));
  });

  it("says how many bytes were expected and came", () => {
    const bytes = idx.encode(samples.u8);
    expect(() => idx.decode(bytes.subarray(0, -1))).toThrow(/2 bytes were expected, 1 came/);
    expect(() => idx.decode(Uint8Array.from([...bytes, 0]))).toThrow(/takes 2 bytes, but 3 came/);
    expect(() => idx.decode(new TextEncoder().encode("hello"))).toThrow(/begins with 68 65 6c 6c/);
    expect(() => idx.decode(bytes.subarray(0, 3))).toThrow(/4 bytes were expected, 3 came/);
  });

  it("refuses terabytes before it makes room for them", () => {
    const header = Uint8Array.from([0, 0, 14, 2, 255, 255, 255, 255, 255, 255, 255, 255]);
    expect(() => idx.decode(header)).toThrow(/147573952520956936200 bytes were expected, 0 came/);
    const endless = Uint8Array.from([0, 0, 8, 2, 255, 255, 255, 255, 0, 0, 0, 0]);
    expect(() => idx.decode(endless)).toThrow(/empty/);
  });

  it("stops a bomb at the limit, whatever length it claims", async () => {
    const bomb = gzipSync(new Uint8Array(2 ** 26));
    for (const claimed of [2 ** 26, 100]) {
      bomb.writeUInt32LE(claimed, bomb.length - 4);
      const held = process.memoryUsage().arrayBuffers;
      expect(() => idx.decode(bomb, { maxBytes: 2 ** 20 })).toThrow(/allowed/);
      expect(process.memoryUsage().arrayBuffers - held).toBeLessThan(2 ** 24);
      writeFileSync(at("bomb.gz"), bomb);
      await expect(idx.read(at("bomb.gz"), { maxBytes: 2 ** 20 })).rejects.toThrow(
        /bomb\.gz.*allowed/,
      );
    }
  });

  it("gives no other elements for a compressed file of which one bit is flipped", async () => {
    const x = tensor([1, 2, 3, 4], { dtype: "u8" });
    const packed = gzipSync(idx.encode(x));
    let unharmed = 0;
    const same = async (found: Tensor): Promise<void> => {
      unharmed++;
      await assertSame(found, x);
    };
    for (let bit = 0; bit < 8 * packed.length; bit++) {
      const flipped = Uint8Array.from(packed);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      writeFileSync(at("flipped.gz"), flipped);
      for (const decode of [
        () => Promise.resolve(idx.decode(flipped)),
        () => idx.read(at("flipped.gz")),
      ])
        try {
          await same(await decode());
        } catch (error) {
          expect(error, `bit ${bit}`).toBeInstanceOf(FormatError);
        }
    }
    // The time, the system and the like in the header, and bits that fill the last byte.
    expect(unharmed).toBeGreaterThan(80);
    expect(unharmed).toBeLessThan(2 * 70);
  });

  it("names the file that is wrong", async () => {
    writeFileSync(at("wrong.idx"), "hello, I am text");
    await expect(idx.read(at("wrong.idx"))).rejects.toThrow(/wrong\.idx: IDX/);
    writeFileSync(at("empty.idx"), "");
    await expect(idx.read(at("empty.idx"))).rejects.toThrow(FileError);
    expect(() => idx.decode("wrong.idx" as never)).toThrow(/read\(path\)/);
  });

  it.skipIf(sharedData === undefined)(`reads MNIST (else: ${whyWithout})`, async () => {
    const images = await idx.read(`${sharedData}mnist/t10k-images-idx3-ubyte.gz`);
    const labels = await idx.read(`${sharedData}mnist/t10k-labels-idx1-ubyte.gz`);
    expect([images.shape, images.dtype]).toEqual([[10000, 28, 28], "u8"]);
    expect([labels.shape, labels.dtype]).toEqual([[10000], "u8"]);
    expect(Array.from((await labels.data()).slice(0, 10))).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const pixels = (await images.data()) as Uint8Array;
    // The mean of the test images is 33.7912, as is told in many places.
    expect(pixels.reduce((sum, x) => sum + x, 0) / pixels.length).toBeCloseTo(33.7912, 4);
  });
});

describe("npy and npz", () => {
  it.each(all)("%s comes back", async (dtype, x) => {
    await assertSame(npy.decode(npy.encode(x)), x, dtype === "bf16" ? "f32" : dtype);
  });

  it("write and read files", async () => {
    await npy.write(at("x.npy"), samples.f32);
    await assertSame(await npy.read(at("x.npy")), samples.f32);
    await npz.write(at("x.npz"), { a: samples.i32, "b/c": samples.bool }, { compress: true });
    const found = await npz.read(at("x.npz"));
    expect(Object.keys(found)).toEqual(["a", "b/c"]);
    await assertSame(found["b/c"], samples.bool);
  });

  it("the same tensors give the same archive, and any name is a name", () => {
    const tensors = Object.fromEntries([
      ["__proto__", samples.u8],
      ["1", samples.f32],
    ]);
    expect(npz.encode(tensors)).toEqual(npz.encode(tensors));
    expect(npz.decode(npz.encode(tensors)).__proto__.dtype).toBe("u8");
    expect(() => npz.encode({ "../up": samples.u8 })).toThrow(ValueError);
  });

  it("say how many bytes were expected and came", () => {
    const bytes = npy.encode(samples.f64);
    expect(() => npy.decode(bytes.subarray(0, -3))).toThrow(/24 bytes were expected, 21 came/);
    expect(() => npy.decode(bytes.subarray(0, 50))).toThrow(/128 bytes were expected, 50 came/);
  });

  it("notice a flipped bit and a bomb in an archive", () => {
    const archive = npz.encode({ a: zeros([2 ** 20]) }, { compress: true });
    expect(() => npz.decode(archive, { maxBytes: 2 ** 20 })).toThrow(/more than the 1048576/);
    const stored = npz.encode({ a: tensor([1, 2]) });
    stored[stored.indexOf(0x0a) + 1] ^= 1;
    expect(() => npz.decode(stored)).toThrow(/check sum/);
  });
});

describe("safetensors", () => {
  it.each(all)("%s comes back", async (_, x) => {
    const { tensors } = safetensors.decode(safetensors.encode({ x }));
    await assertSame(tensors.x, x);
  });

  it("keeps names, metadata and empty tensors, and lays out as the format's own writer does", async () => {
    const bytes = safetensors.encode(
      { b: samples.u8, "0": samples.f32, a: samples.f64, z: zeros([0, 2]) },
      { text: 'ä"\\', "1": "" },
    );
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
    expect(length % 8).toBe(0);
    expect(header.trimEnd()).toBe(
      '{"__metadata__":{"1":"","text":"ä\\"\\\\"},' +
        '"a":{"dtype":"F64","shape":[3],"data_offsets":[0,24]},' +
        '"0":{"dtype":"F32","shape":[2,3],"data_offsets":[24,48]},' +
        '"z":{"dtype":"F32","shape":[0,2],"data_offsets":[48,48]},' +
        '"b":{"dtype":"U8","shape":[1,1,2],"data_offsets":[48,50]}}',
    );
    await safetensors.write(at("m.safetensors"), { a: samples.f16 }, { k: "v" });
    const found = await safetensors.read(at("m.safetensors"));
    await assertSame(found.tensors.a, samples.f16);
    expect({ ...found.metadata }).toEqual({ k: "v" });
  });

  const file = (header: string, data = 0, claimed?: number): Uint8Array => {
    const text = new TextEncoder().encode(header);
    const out = new Uint8Array(8 + text.length + data);
    new DataView(out.buffer).setBigUint64(0, BigInt(claimed ?? text.length), true);
    out.set(text, 8);
    return out;
  };
  const entry = (name: string, shape: string, offsets: string, dtype = "F32"): string =>
    `"${name}":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;

  it.each<[string, Uint8Array, RegExp]>([
    ["is too short", new Uint8Array(7), /8 bytes were expected, 7 came/],
    ["claims a header of terabytes", file("{}", 0, 2 ** 42), /claims 4398046511104 bytes/],
    ["claims more header than there is", file("{}", 0, 100), /108 bytes were expected, 10 came/],
    ["is no JSON", file("{,}"), /cannot be decoded/],
    ["does not begin with a brace", file(" {}"), /begin with "{"/],
    ["is not UTF-8", file("{}\xff").fill(0xff, 8, 11), /./],
    [
      "has a tensor twice",
      file(`{${entry("a", "[1]", "[0,4]")},${entry("\\u0061", "[1]", "[0,4]")}}`, 4),
      /"a" twice/,
    ],
    [
      "has a field twice",
      file(`{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}`, 4),
      /"shape" twice/,
    ],
    ["has a hole", file(`{${entry("a", "[1]", "[4,8]")}}`, 8), /"a".*hole/],
    [
      "has an overlap",
      file(`{${entry("a", "[2]", "[0,8]")},${entry("b", "[1]", "[4,8]")}}`, 8),
      /"b".*overlap/,
    ],
    ["lies about a size", file(`{${entry("a", "[3]", "[0,8]")}}`, 8), /"a".*12 bytes.*give it 8/],
    ["has sizes that overflow", file(`{${entry("a", "[4294967296,4294967296]", "[0,0]")}}`), /"a"/],
    [
      "has offsets the wrong way round",
      file(`{${entry("a", "[1]", "[4,0]")}}`, 4),
      /"a".*data_offsets/,
    ],
    ["has a negative size", file(`{${entry("a", "[-1]", "[0,4]")}}`, 4), /"a".*shape/],
    ["has a type we do not have", file(`{${entry("a", "[4]", "[0,4]", "F8_E4M3")}}`, 4), /F8_E4M3/],
    ["ends too early", file(`{${entry("a", "[2]", "[0,8]")}}`, 7), /bytes were expected/],
    ["goes on after the end", file(`{${entry("a", "[2]", "[0,8]")}}`, 9), /every byte must belong/],
    ["has metadata that are no texts", file('{"__metadata__":{"a":1}}'), /metadata are texts/],
    [
      "has an empty tensor of an endless axis",
      file(`{${entry("a", "[9007199254740991,0]", "[0,0]")}}`),
      /"a".*empty/,
    ],
  ])("refuses a file that %s", (_, bytes, why) => {
    expect(() => safetensors.decode(bytes)).toThrow(FormatError);
    expect(() => safetensors.decode(bytes)).toThrow(why);
  });

  it("reads what the rules allow: fields of other names, tensors in any order, no tensors", () => {
    const bytes = file(
      `{${entry("b", "[]", "[4,8]")},"a":{"more":[1],"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  `,
      8,
    );
    expect(Object.keys(safetensors.decode(bytes).tensors).sort()).toEqual(["a", "b"]);
    expect(Object.keys(safetensors.decode(file("{}")).tensors)).toEqual([]);
  });

  it("refuses to write what could not be read", () => {
    expect(() => safetensors.encode({ __metadata__: samples.f32 })).toThrow(ValueError);
    expect(() => safetensors.encode({}, { a: 1 as never })).toThrow(/metadata are texts/);
    expect(() => safetensors.encode({ a: [1] as never })).toThrow(/expected a tensor/);
  });
});
