import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DTypeError, FileError, FormatError, ValueError } from "inkgrad";
import { csv } from "inkgrad/data";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { sharedData, whyWithout } from "../../support/shared-data.js";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

/** Columns as plain arrays. */
const plain = (table: csv.Table): Record<string, unknown[]> =>
  Object.fromEntries(table.names.map((name) => [name, [...table.columns[name].values]]));
const types = (table: csv.Table): string[] => table.names.map((name) => table.columns[name].type);

describe("csv.decode", () => {
  it("infers whole numbers, numbers, truth, categories and texts", () => {
    const table = csv.decode(
      "i,n,b,c,t\n1,1.5,true,red,Ann\n-2,1e3,FALSE,blue,Bob\n+3,.5,True,red,Cid\n4,-inf,false,blue,Dan\n",
    );
    expect(types(table)).toEqual(["integer", "number", "boolean", "category", "text"]);
    expect(plain(table)).toEqual({
      i: [1, -2, 3, 4],
      n: [1.5, 1000, 0.5, -Infinity],
      b: [1, 0, 1, 0],
      c: ["red", "blue", "red", "blue"],
      t: ["Ann", "Bob", "Cid", "Dan"],
    });
    expect(table.columns.i.values).toBeInstanceOf(Float64Array);
  });

  it("takes hexadecimal, separators of thousands and dates for texts", () => {
    const table = csv.decode("a;b;c\n0x10;1,000;2020-01-01\n0b1;2,000;2020-01-02\n");
    expect(types(table)).toEqual(["text", "text", "text"]);
  });

  it("knows what is missing, counts it, and lets it be said otherwise", () => {
    const text = 'n,t\n1,a\n,\nNA,"?"\nNaN,null\n?,b\n';
    const table = csv.decode(text);
    expect(plain(table)).toEqual({ n: [1, NaN, NaN, NaN, NaN], t: ["a", null, null, null, "b"] });
    expect([table.columns.n.missing, table.columns.t.missing]).toEqual([4, 3]);
    const other = csv.decode("n,t\n1,NA\n-999,?\n", { missing: ["-999"] });
    expect(plain(other)).toEqual({ n: [1, NaN], t: ["NA", "?"] });
    expect(types(csv.decode("a,b\n1,\n2,?\n"))).toEqual(["integer", "number"]);
  });

  it("reads quoted values with delimiters, quotes and line breaks in them", () => {
    const table = csv.decode('a,b\n"x, ""y""","line\nbreak"\n" z ",w\n');
    expect(plain(table)).toEqual({ a: ['x, "y"', " z "], b: ["line\nbreak", "w"] });
    expect(plain(csv.decode('a,b\n5",6\n', { quote: null }))).toEqual({ a: ['5"'], b: [6] });
  });

  it.each([",", ";", "\t", "|", " "])("finds the delimiter %j", (delimiter) => {
    const text = ["a,b,c", '1,"x,;\t| y",2.5', "3,z,4"].join("\n");
    const lines = text.replace(/,(?!;)/g, delimiter);
    const table = csv.decode(lines);
    expect(table.names).toEqual(["a", "b", "c"]);
    expect(plain(table).c).toEqual([2.5, 4]);
  });

  it("counts runs of spaces once, and drops blanks around values otherwise", () => {
    expect(plain(csv.decode("a  b\n  1     2\n10    20\n"))).toEqual({ a: [1, 10], b: [2, 20] });
    expect(plain(csv.decode("a, b\n1, x\n2 , ?\n"))).toEqual({ a: [1, 2], b: ["x", null] });
  });

  it.each([
    ["\n", "line feeds"],
    ["\r\n", "both"],
    ["\r", "carriage returns"],
  ])("lines may end with %j (%s), the last also with nothing", (end) => {
    for (const last of ["", end, end + end]) {
      const table = csv.decode(["a,b", "1,x", "", "2,y"].join(end) + last);
      expect(plain(table)).toEqual({ a: [1, 2], b: ["x", "y"] });
    }
  });

  it("heeds byte order marks and encodings, and refuses letters that are none", () => {
    const text = "ä,b\n1,ß→\n";
    const wanted = { ä: [1], b: ["ß→"] };
    expect(plain(csv.decode(`\ufeff${text}`))).toEqual(wanted);
    const utf16 = Uint8Array.from(Buffer.from(`\ufeff${text}`, "utf16le"));
    expect(plain(csv.decode(utf16))).toEqual(wanted);
    expect(plain(csv.decode(utf16.map((_, i) => utf16[i ^ 1])))).toEqual(wanted);
    const latin = Uint8Array.from(Buffer.from("ä,b\n1,ß\n", "latin1"));
    expect(() => csv.decode(latin)).toThrow(/not UTF-8.*windows-1252/);
    expect(plain(csv.decode(latin, { encoding: "windows-1252" }))).toEqual({ ä: [1], b: ["ß"] });
    expect(() => csv.decode(latin, { encoding: "klingon" })).toThrow(ValueError);
  });

  it("takes a first line of numbers for data, and is told otherwise", () => {
    const table = csv.decode("1,2\n3,4\n");
    expect(plain(table)).toEqual({ column1: [1, 3], column2: [2, 4] });
    expect(table.warnings).toEqual([expect.stringContaining("numbers only")]);
    expect(plain(csv.decode("1,2\n3,4\n", { header: true }))).toEqual({ 1: [3], 2: [4] });
    expect(plain(csv.decode("a,b\n", { header: false }))).toEqual({
      column1: ["a"],
      column2: ["b"],
    });
    expect(plain(csv.decode("1,2\n", { header: ["x", "y"] }))).toEqual({ x: [1], y: [2] });
    expect(() => csv.decode("1,2\n", { header: ["x"] })).toThrow(/1 names.*2 values/);
  });

  it("drops empty names at the end of the header, with a warning", () => {
    for (const rows of ["1,2\n3,4\n", "1,2,\n3,4,\n", "1,2,\n3,4\n"]) {
      const table = csv.decode(`a,b,\n${rows}`);
      expect(plain(table)).toEqual({ a: [1, 3], b: [2, 4] });
      expect(table.warnings).toEqual([expect.stringContaining("empty name")]);
    }
    expect(() => csv.decode("a,b,\n1,2,3\n")).toThrow(
      /row 1 has 3 values for 2 columns: "3" stands in column 3/,
    );
  });

  it("names columns that have no name, or that of another", () => {
    const table = csv.decode("a,,a,column2,__proto__\n1,2,3,4,5\n");
    expect(table.names).toEqual(["a", "column2.1", "a.1", "column2", "__proto__"]);
    expect(table.warnings.length).toBe(2);
    expect(table.columns.__proto__.values).toEqual(Float64Array.of(5));
  });

  it("keeps to the types that are given", () => {
    const table = csv.decode("a,b,c\n1,2,1\n2,3,0\n", { types: { a: "category", c: "boolean" } });
    expect(types(table)).toEqual(["category", "integer", "boolean"]);
    expect(plain(table)).toEqual({ a: ["1", "2"], b: [2, 3], c: [1, 0] });
    const wrong = (type: csv.ColumnType): unknown =>
      csv.decode("id,age\n1,7\n2,7.5\n3,old\n", { types: { age: type } });
    expect(() => wrong("number")).toThrow(/row 3, column "age": "old" is not a number/);
    expect(() => wrong("integer")).toThrow(/row 2, column "age": "7.5" is not a whole number/);
    expect(() => csv.decode("a\n1\n", { types: { b: "text" } })).toThrow(/"b", which is not there/);
    expect(() => csv.decode("a\n1\n", { types: { a: "date" as never } })).toThrow(ValueError);
  });

  it.each<[string, string, RegExp]>([
    ["short rows", "a,b,c\n1,2,3\n4,5\n", /row 2 ends after 2 of 3 values: column "c"/],
    ["long rows", "a,b\n1,2\n\n3,4,5\n", /row 2 has 3 values for 2 columns: "5"/],
    ["open quotes", 'a,b\n1,"x\n2,y\n', /line 2.*never closed/],
    ["text after a quote", 'a,b\n1,2\n3,"x"y\n', /line 3.*after its closing quote/],
    ["quotes within", 'a,b\n1,5" pipe\n', /line 2.*not quoted/],
    ["nothing", "", /nothing in it/],
    ["empty lines", "\n\r\n\n", /nothing in it/],
    ["a header without names", ",,\n1,2,3\n", /no names/],
  ])("refuses %s, and says where", (_, text, why) => {
    expect(() => csv.decode(text)).toThrow(FormatError);
    expect(() => csv.decode(text)).toThrow(why);
  });

  it("refuses a million columns, rows without end, and what is no option", () => {
    expect(() => csv.decode("a,".repeat(1e6))).toThrow(/1000001 values, at most 65536/);
    expect(() => csv.decode(`a,b\n1,"${"x\n".repeat(1e5)}`, { maxRowBytes: 1e4 })).toThrow(
      /quote left open/,
    );
    expect(() => csv.decode("a\n1\n", { maxBytes: 3 })).toThrow(/4 bytes/);
    for (const options of [
      { delimiter: ",," },
      { quote: "" },
      { delimiter: '"' },
      { maxColumns: 0 },
      { header: 1 as never },
      { maxBytes: NaN },
    ])
      expect(() => csv.decode("a\n1\n", options), JSON.stringify(options)).toThrow(ValueError);
    expect(() => csv.decode(7 as never)).toThrow(ValueError);
  });

  it("gives a table without rows for a header alone", () => {
    const table = csv.decode("a,b\n");
    expect([table.rows, table.names]).toEqual([0, ["a", "b"]]);
    expect(csv.toTensor(table).shape).toEqual([0, 2]);
  });
});

describe("csv.toTensor", () => {
  const table = csv.decode("a,t,b,c\n1,x,,true\n2,y,0.1,false\n");

  it("puts the columns of numbers side by side, NaN where one is missing", () => {
    expect(csv.toTensor(table).toArray()).toEqual([
      [1, NaN, 1],
      [2, Math.fround(0.1), 0],
    ]);
    const chosen = csv.toTensor(table, { columns: ["c", "a"], dtype: "i32" });
    expect([chosen.dtype, chosen.toArray()]).toEqual([
      "i32",
      [
        [1, 1],
        [0, 2],
      ],
    ]);
    expect(csv.toTensor(table, { dtype: "f64" }).toArray()[1][1]).toBe(0.1);
  });

  it("says which column is not there, holds texts, or does not fit the type", () => {
    expect(() => csv.toTensor(table, { columns: ["z"] })).toThrow(/no column "z"/);
    expect(() => csv.toTensor(table, { columns: ["t"] })).toThrow(/"t" holds texts/);
    expect(() => csv.toTensor(table, { columns: ["b"], dtype: "i32" })).toThrow(DTypeError);
  });
});

describe("csv.numbers and csv.texts", () => {
  const table = csv.decode("n,b,t\n1.5,true,x\n,,\n");

  it("give the values of a column by itself", () => {
    expect(csv.numbers(table, "n")).toEqual(Float64Array.of(1.5, NaN));
    expect(csv.texts(table, "n")).toEqual(["1.5", null]);
    expect(csv.texts(table, "b")).toEqual(["true", null]);
    expect(csv.texts(table, "t")).toEqual(["x", null]);
    expect(() => csv.numbers(table, "t")).toThrow(/"t" holds texts/);
    expect(() => csv.texts(table, "toString")).toThrow(/no column "toString"/);
  });
});

describe("csv.encode", () => {
  it("is read back as it was, whatever the texts and numbers", () => {
    const cell = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(",", '"', "\n", "\r\n", " a ", ";", "x"),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, fc.double(), cell), { minLength: 1, maxLength: 20 }),
        fc.constantFrom(",", ";", "\t"),
        (rows, delimiter) => {
          const columns = {
            s: rows.map((r) => r[0]),
            n: rows.map((r) => r[1]),
            t: rows.map((r) => r[2]),
          };
          const table = csv.decode(csv.encode(columns, { delimiter }), {
            delimiter,
            header: true,
            missing: [""],
            types: { s: "text", n: "number", t: "text" },
          });
          const texts = (list: string[]): (string | null)[] =>
            list.map((x) => (x === "" ? null : x));
          // What is written is text, in which −0 is 0.
          expect(plain(table)).toEqual({
            s: texts(columns.s),
            n: columns.n.map((x) => x + 0),
            t: texts(columns.t),
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("writes tables, and files", async () => {
    const table = csv.decode("a,b\n1,true\n,false\n");
    expect(csv.encode(table)).toBe("a,b\n1,true\n,false\n");
    expect(csv.encode({ a: [1, null] })).toBe("a\n1\nNA\n");
    await csv.write(at("out.csv"), table);
    expect(readFileSync(at("out.csv"), "utf8")).toBe("a,b\n1,true\n,false\n");
    expect(() => csv.encode({ a: [1], b: [] })).toThrow(/"b" has 0 values, "a" 1/);
    expect(() => csv.encode({})).toThrow(ValueError);
  });
});

const collect = async (tables: AsyncIterable<csv.Table>): Promise<csv.Table[]> => {
  const all: csv.Table[] = [];
  for await (const table of tables) all.push(table);
  return all;
};

describe("csv.stream", () => {
  it("gives the rows of the whole, however the bytes are cut", async () => {
    const value = fc.constantFrom(
      "1",
      "2.5",
      "",
      "x",
      '"a,b"',
      '"a""b"',
      '"l\nm"',
      '"c\r\nd"',
      "ä→",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 30 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (rows, end, pieceBytes, batchRows, wide) => {
          const text = ["p,q,r", ...rows.map((row) => row.join(","))].join(end);
          const bytes = wide ? Buffer.from(`\ufeff${text}`, "utf16le") : Buffer.from(text);
          const pieces: Uint8Array[] = [];
          for (let i = 0; i < bytes.length; i += pieceBytes)
            pieces.push(bytes.subarray(i, i + pieceBytes));
          const options = {
            delimiter: ",",
            header: true,
            types: { p: "text", q: "text", r: "text" },
          } as const;
          const whole = csv.decode(bytes, options);
          const tables = await collect(csv.stream(pieces, { ...options, batchRows }));
          expect(
            tables
              .map(({ rows: n }) => n)
              .slice(0, -1)
              .every((n) => n === batchRows),
          ).toBe(true);
          for (const name of whole.names)
            expect(tables.flatMap((table) => plain(table)[name])).toEqual(plain(whole)[name]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("reads numbers at once to the same bits as by way of texts", async () => {
    const number = fc.oneof(
      fc.integer({ min: -9999, max: 9999 }).map((x) => (x / 1000).toFixed(3)),
      fc.double({ noNaN: true }).map(String),
      // One digit or two too many for a whole number of f64 over a power of ten.
      fc.bigInt(10n ** 15n, 10n ** 17n).map((x) => String(x).replace(/^(.{5})/, "$1.")),
      fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
      fc.constantFrom("", "?", "-0", "+.5", "7.", " 1 ", "\t2", "1e3", "-inf", "00012.50", "-999"),
      fc.constantFrom("9007199254740993", "0.1234567890123456789", '"3.5"'),
    );
    const text = fc.constantFrom(
      "a",
      " b ",
      "",
      "ä→",
      '"x,y"',
      "NA",
      "a longer text of more than thirty-two",
    );
    const row = fc.tuple(
      number,
      fc.constantFrom("1", "-20", ""),
      fc.constantFrom("true", "0", "?"),
      text,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 2, maxLength: 60 }),
        fc.constantFrom("\n", "\r\n", "\n\n", "\r"),
        fc.constantFrom(",", ";", "\t"),
        fc.constantFrom(["", "?", "NA"], ["", "?", "NA", "-999"]),
        fc.integer({ min: 1, max: 200 }),
        async (rows, end, delimiter, missing, pieceBytes) => {
          // A tab as a delimiter cannot stand around values.
          const lines = rows.map((row) =>
            row.map((x) => (delimiter === "\t" ? x.trim() : x)).join(delimiter),
          );
          const bytes = Buffer.from([["n", "i", "b", "t"].join(delimiter), ...lines].join(end));
          const pieces: Uint8Array[] = [];
          for (let i = 0; i < bytes.length; i += pieceBytes)
            pieces.push(bytes.subarray(i, i + pieceBytes));
          const types = { n: "number", i: "integer", b: "boolean", t: "text" } as const;
          const options = { delimiter, missing, types };
          const whole = csv.decode(bytes, options);
          const tables = await collect(csv.stream(pieces, { ...options, batchRows: 1 }));
          expect(tables.length).toBe(rows.length);
          for (const name of whole.names) {
            expect(tables.flatMap((table) => plain(table)[name])).toEqual(plain(whole)[name]);
            const missing = tables.reduce((sum, { columns }) => sum + columns[name].missing, 0);
            expect(missing).toBe(whole.columns[name].missing);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<[string, string, RegExp]>([
    ["a row too short", "5\n", /row 4 ends after 1 of 2 values: column "b"/],
    ["a row too long", "5,6,7\n", /row 4 has 3 values for 2 columns: "7"/],
    ["a fraction among whole numbers", "5,6.5\n", /row 4, column "b": "6.5" is not a whole number/],
    ["a hexadecimal", "0x5,6\n", /row 4, column "a": "0x5" is not a number/],
    ["letters that are not UTF-8", "5,\xff\n", /not UTF-8/],
    ["a quote within a value", '5,6"\n', /line 5.*not quoted/],
  ])("refuses %s after rows that were read at once", async (_, late, why) => {
    const pieces = ["a,b\n1,1\n", "2,2\n3,3\n", late].map((x) => Buffer.from(x, "latin1"));
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      for await (const { rows } of csv.stream(pieces, { types: { b: "integer" }, batchRows: 1 }))
        seen.push(rows);
    };
    await expect(read()).rejects.toThrow(why);
    expect(seen).toEqual([1, 1, 1]);
  });

  it("reads files, with the types of the first rows", async () => {
    writeFileSync(at("s.csv"), "a,b\n1,x\n2,y\n3.5,z\n4,w\n");
    const tables = await collect(csv.stream(at("s.csv"), { batchRows: 2 }));
    expect(tables.map(plain)).toEqual([
      { a: [1, 2], b: ["x", "y"] },
      { a: [3.5, 4], b: ["z", "w"] },
    ]);
    expect(tables.map(types)).toEqual([
      ["integer", "text"],
      ["number", "text"],
    ]);
  });

  it("names file, row and column of a value that does not have the type", async () => {
    writeFileSync(at("late.csv"), "a\n1\n2\n3\noops\n");
    await expect(collect(csv.stream(at("late.csv"), { batchRows: 3 }))).rejects.toThrow(
      /late\.csv: CSV: row 4, column "a": "oops".*first 3 rows/,
    );
    await expect(collect(csv.stream(at("none.csv")))).rejects.toThrow(FileError);
    await expect(collect(csv.stream(7 as never))).rejects.toThrow(ValueError);
    await expect(collect(csv.stream([]))).rejects.toThrow(/nothing in it/);
  });

  it("keeps little of a long file in memory", async () => {
    const line = new TextEncoder().encode(`${"1.25,".repeat(99)}7\n`.repeat(100));
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(`${Array.from({ length: 100 }, (_, i) => `c${i}`).join()}\n`);
      for (let i = 0; i < 300; i++) yield line;
    }
    let [rows, most] = [0, 0];
    const before = process.memoryUsage().rss;
    for await (const table of csv.stream(endless(), { batchRows: 500 })) {
      rows += table.rows;
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(rows).toBe(30_000);
    expect(most).toBeLessThan(200 * 2 ** 20);
  });
});

describe.skipIf(sharedData === undefined)(
  `tables as found in the wild (else: ${whyWithout})`,
  () => {
    const read = (name: string): Promise<csv.Table> => csv.read(`${sharedData}tabular/${name}`);

    it("breast cancer: a comma too many in the header", async () => {
      const table = await read("breast-cancer-wisconsin.csv");
      expect([table.rows, table.names.length]).toEqual([569, 32]);
      expect(table.warnings).toEqual([expect.stringContaining("empty name")]);
      expect(csv.texts(table, "diagnosis").filter((x) => x === "M").length).toBe(212);
    });

    it("spambase: no header, spaces between", async () => {
      const table = await read("spambase.data");
      expect([table.rows, table.names.length]).toEqual([4601, 58]);
      expect(csv.numbers(table, "column58").filter((x) => x === 1).length).toBe(1813);
    });

    it("titanic: question marks, commas in names", async () => {
      const table = await read("titanic.csv");
      expect([table.rows, table.names.length]).toEqual([1309, 14]);
      expect(table.columns.age.missing).toBe(263);
      expect(types(table).slice(0, 5)).toEqual([
        "integer",
        "integer",
        "text",
        "category",
        "number",
      ]);
      expect(table.columns.name.values[0]).toBe("Allen, Miss. Elisabeth Walton");
    });

    it("churn and iris", async () => {
      const [churn, iris] = [await read("churn.csv"), await read("iris.csv")];
      expect([churn.rows, churn.names.length]).toEqual([10_000, 14]);
      expect(churn.columns.Geography.type).toBe("category");
      expect(csv.toTensor(iris).shape).toEqual([150, 4]);
      expect(iris.columns.Type.type).toBe("category");
    });
  },
);
