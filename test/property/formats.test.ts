import { readdirSync, readFileSync } from "node:fs";
import { crc32, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, InkgradError, isTensor, tensor, type Tensor } from "inkgrad";
import { csv, idx, image, jpeg, npy, npz, png, safetensors } from "inkgrad/data";
import { storedElements } from "@src/data/tensor-of.js";

/**
 * Whatever bytes come: a result, or an error of ours, soon and without much memory. Each subject
 * gives files that are right, and ways to spoil them that its own format invites.
 */

type Bytes = Uint8Array<ArrayBuffer>;

interface Subject {
  readonly name: string;
  readonly decode: (bytes: Bytes) => unknown;
  readonly files: readonly Bytes[];
  /** Files of a right form that promise what they do not hold. */
  readonly lies: fc.Arbitrary<Bytes>;
  readonly runs: number;
}

const slowestMs = 2000;
const mostBytes = 64 * 2 ** 20;
let tried = 0;

const folder = new URL("../golden/files/", import.meta.url);
const golden = (end: RegExp): Bytes[] =>
  readdirSync(folder)
    .filter((name) => end.test(name))
    .map((name) => Uint8Array.from(readFileSync(new URL(name, folder))));

const encoder = new TextEncoder();
const join = (...parts: (Uint8Array | readonly number[])[]): Bytes =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
const uint = (value: number, bytes: number, little = false): number[] => {
  const digits = Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
  return little ? digits : digits.reverse();
};

/** Sizes that a header may claim: usual ones, the edges of integers, and anything. */
const size = fc.oneof(
  fc.nat(40),
  fc.constantFrom(0x7fff, 0xffff, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1),
  fc.nat(2 ** 32 - 1),
);
const wideSize = fc.oneof(
  size,
  fc.constantFrom(2 ** 32, 2 ** 40, 2 ** 53 - 1, 2 ** 53, 1e18, 1e300, -1, 0.5),
);
const some = fc.uint8Array({ maxLength: 64 });

/** Ways to spoil any bytes. */
const spoiled = (files: readonly Bytes[]): fc.Arbitrary<Bytes> =>
  fc.constantFrom(...files).chain((file) => {
    const place = fc.nat(Math.max(0, file.length - 1));
    // Headers are at the front: half of the faults go there.
    const front = fc.nat(Math.min(64, Math.max(0, file.length - 1)));
    const at = fc.oneof(place, front);
    const flip = fc.tuple(at, fc.nat(7));
    return fc.oneof(
      place.map((end) => file.slice(0, end)),
      fc.array(flip, { minLength: 1, maxLength: 4 }).map((flips) => {
        const bytes = file.slice();
        for (const [i, bit] of flips) bytes[i] ^= 1 << bit;
        return bytes;
      }),
      fc.tuple(at, some).map(([i, put]) => {
        const bytes = file.slice();
        bytes.set(put.subarray(0, bytes.length - i), i);
        return bytes;
      }),
      fc.tuple(at, some).map(([i, put]) => join(file.slice(0, i), put, file.slice(i))),
      fc.tuple(at, fc.nat(40)).map(([i, n]) => join(file.slice(0, i), file.slice(i + n))),
      some.map((more) => join(file, more)),
      fc.tuple(fc.nat(12), some).map(([n, rest]) => join(file.slice(0, n), rest)),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => join(bytes)),
    );
  });

const subjects: Subject[] = [
  {
    name: "idx",
    decode: (bytes) => idx.decode(bytes, { maxBytes: 2 ** 24 }),
    files: [
      idx.encode(
        tensor(
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
          { dtype: "u8" },
        ),
      ),
      idx.encode(tensor([0.5, -1], { dtype: "f64" })),
      join(
        gzipSync(
          idx.encode(
            tensor(
              [
                [1, 2],
                [3, 4],
              ],
              { dtype: "i32" },
            ),
          ),
        ),
      ),
      join(gzipSync(new Uint8Array(2 ** 20))),
    ],
    lies: fc
      .tuple(
        fc.constantFrom(8, 9, 11, 12, 13, 14, 10),
        fc.array(size, { maxLength: 6 }),
        some,
        fc.boolean(),
      )
      .map(([code, sizes, data, packed]) => {
        const file = join([0, 0, code, sizes.length], ...sizes.map((n) => uint(n, 4)), data);
        return packed ? join(gzipSync(file)) : file;
      }),
    runs: 1200,
  },
  {
    name: "npy",
    decode: (bytes) => npy.decode(bytes),
    files: golden(/\.npy$/),
    lies: fc
      .tuple(
        fc.constantFrom("<f4", ">i8", "|b1", "<f2", "|O", "<U7", "=i2", "f4", "__proto__"),
        fc.boolean(),
        fc.array(wideSize, { maxLength: 5 }),
        some,
      )
      .map(([descr, fortran, sizes, data]) => {
        const header = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${sizes.map((n) => `${n},`).join(" ")}), }\n`;
        return join(
          [0x93],
          encoder.encode("NUMPY"),
          [1, 0],
          uint(header.length, 2, true),
          encoder.encode(header),
          data,
        );
      }),
    runs: 1200,
  },
  {
    name: "npz",
    decode: (bytes) => npz.decode(bytes, { maxBytes: 2 ** 24 }),
    files: golden(/\.npz$/),
    lies: fc
      .tuple(
        fc.constantFrom(...golden(/\.npz$/)),
        fc.array(fc.tuple(fc.nat(250), size, fc.constantFrom(2, 4))),
      )
      .map(([file, writes]) => {
        // Numbers in the directory, which is at the end.
        const bytes = file.slice();
        for (const [back, value, width] of writes)
          bytes.set(uint(value, width, true), bytes.length - 4 - back);
        return bytes;
      }),
    runs: 800,
  },
  {
    name: "png",
    decode: (bytes) => png.decode(bytes, { maxPixels: 2 ** 22 }),
    files: golden(/\.png$/),
    // Check sums that are right, so that the lie is not found by them.
    lies: fc
      .tuple(
        fc.constantFrom(...golden(/\.png$/)),
        fc.array(fc.tuple(fc.nat(24), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        fc.option(fc.tuple(size, size)),
      )
      .map(([file, writes, dimensions]) =>
        withRightSums(file, (data, type) => {
          const out = data.slice();
          for (const [at, value] of writes) if (at < out.length) out[at] = value;
          if (type === "IHDR" && dimensions !== null)
            out.set([...uint(dimensions[0], 4), ...uint(dimensions[1], 4)]);
          return out;
        }),
      ),
    runs: 1500,
  },
  {
    name: "jpeg",
    decode: (bytes) => jpeg.decode(bytes, { maxPixels: 2 ** 22 }),
    files: golden(/\.jpg$/),
    lies: fc
      .tuple(fc.constantFrom(...golden(/\.jpg$/)), fc.nat(0xffff), fc.nat(0xffff), fc.nat(255))
      .map(([file, height, width, sampling]) => {
        const bytes = file.slice();
        const frame = bytes.findIndex(
          (byte, i) => byte === 0xff && [0xc0, 0xc2].includes(bytes[i + 1]),
        );
        bytes.set([...uint(height, 2), ...uint(width, 2)], frame + 5);
        bytes[frame + 11] = sampling;
        return bytes;
      }),
    runs: 800,
  },
  {
    name: "safetensors",
    decode: (bytes) => safetensors.decode(bytes),
    files: [...golden(/\.safetensors$/), safetensors.encode({ a: tensor([1, 2]) }, { b: "c" })],
    lies: fc
      .tuple(
        fc.array(
          fc.record({
            dtype: fc.constantFrom("F32", "U8", "I64", "BOOL", "F8_E4M3", 7, null),
            shape: fc.oneof(fc.array(wideSize, { maxLength: 4 }), fc.constantFrom(null, 3, "x")),
            data_offsets: fc.oneof(
              fc.array(wideSize, { minLength: 1, maxLength: 3 }),
              fc.constant([0, 4]),
            ),
          }),
          { maxLength: 4 },
        ),
        fc.option(wideSize),
        some,
      )
      .map(([entries, claimed, data]) => {
        const header = encoder.encode(
          JSON.stringify(Object.fromEntries(entries.map((e, i) => [`t${i}`, e]))),
        );
        const length = claimed === null || claimed < 0 ? header.length : Math.floor(claimed);
        return join(uint(length, 8, true), header, data);
      }),
    runs: 1500,
  },
  {
    name: "csv",
    decode: (bytes) => csv.decode(bytes, { maxRowBytes: 4096, maxColumns: 100 }),
    files: [
      'a,b,c\n1,x,"a ""b"", c"\n2,y,\n3,?,z\n',
      "1 2 3\r\n4 5 6\r\n",
      "\ufeffn;m;\ntrue;1e5;\nfalse;-inf;\n",
    ].map((text) => join(encoder.encode(text))),
    lies: fc
      .array(
        fc.constantFrom(
          ",",
          ";",
          "\n",
          "\r",
          '"',
          "1",
          "a",
          " ",
          "\t",
          "|",
          "ä",
          "\0",
          "NaN",
          "\ufeff",
          "1e999",
          "0x10",
          "__proto__",
        ),
        {
          maxLength: 200,
        },
      )
      .map((parts) => join(encoder.encode(parts.join("")))),
    runs: 1500,
  },
  {
    name: "image",
    decode: (bytes) => image.decode(bytes, { channels: "grey", maxPixels: 2 ** 20 }),
    files: golden(/\.(png|jpg)$/),
    lies: some.map((bytes) => join(bytes)),
    runs: 400,
  },
];

/** Changes the data of the chunks of a PNG file. */
function withRightSums(file: Bytes, change: (data: Bytes, type: string) => Uint8Array): Bytes {
  const parts: (Uint8Array | number[])[] = [file.slice(0, 8)];
  const view = new DataView(file.buffer);
  for (let at = 8; at < file.length;) {
    const length = view.getUint32(at);
    const name = file.slice(at + 4, at + 8);
    const data = change(file.slice(at + 8, at + 8 + length), new TextDecoder().decode(name));
    parts.push(uint(data.length, 4), name, data, uint(crc32(join(name, data)), 4));
    at += 12 + length;
  }
  return join(...parts);
}

const tensorsOf = (result: unknown): Tensor[] =>
  isTensor(result)
    ? [result]
    : typeof result === "object" && result !== null
      ? Object.values(result).flatMap(tensorsOf)
      : [];

describe.each(subjects)("$name, whatever bytes come", ({ decode, files, lies, runs }) => {
  it("reads its files as they are", () => {
    for (const file of files)
      try {
        decode(file);
      } catch (error) {
        // Some are there to be refused.
        expect(error).toBeInstanceOf(InkgradError);
      }
    expect(files.some((file) => works(() => decode(file)))).toBe(true);
  });

  it(`gives a result or an error of ours, soon and in little memory (${runs} inputs)`, () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(spoiled(files), lies), (bytes) => {
        tried++;
        const held = process.memoryUsage().arrayBuffers;
        const begun = performance.now();
        let result: unknown;
        try {
          result = decode(bytes);
        } catch (error) {
          if (!(error instanceof InkgradError)) throw error;
          expect(error).toBeInstanceOf(FormatError);
          expect(error.message.length).toBeGreaterThan(20);
          refused++;
        }
        expect(performance.now() - begun).toBeLessThan(slowestMs);
        expect(process.memoryUsage().arrayBuffers - held).toBeLessThan(mostBytes);
        for (const x of tensorsOf(result)) {
          // Every element is there: none is made up, none left out.
          const elements = storedElements(x);
          expect(elements.length).toBe(x.size);
        }
      }),
      { numRuns: runs },
    );
    // Faults that change nothing would prove nothing.
    expect(refused).toBeGreaterThan(runs / 4);
  });
});

it("at least 5,000 inputs were tried", () => {
  expect(tried).toBeGreaterThanOrEqual(5000);
});

function works(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
