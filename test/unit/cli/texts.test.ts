// Numbers, tables and commands as people read them, and numbers as they type them.
import { describe, expect, it } from "vitest";
import { clock, count, duration, figure, percent, plural, short } from "@src/cli/output/format.js";
import { commandLine, quoted } from "@src/cli/output/shell.js";
import { textTable } from "@src/cli/output/table.js";
import { number, whole } from "@src/cli/parse.js";

describe("numbers", () => {
  it("are shown as short as they may be", () => {
    expect(count(60_000)).toBe("60,000");
    expect([999, 1000, 1_234_567, 2e9].map(short)).toEqual(["999", "1.00 k", "1.23 M", "2.00 G"]);
    expect([percent(0.98765), percent(1, 0), percent(NaN)]).toEqual(["98.77 %", "100 %", "–"]);
    expect([figure(0.25), figure(0.0001), figure(0), figure(NaN)]).toEqual([
      ...["0.2500", "1.00e-4", "0.0000", "NaN"],
    ]);
    expect([75, 3725, 0.4, Infinity].map(clock)).toEqual(["1:15", "1:02:05", "0:00", "–:––"]);
    expect([7.25, 75, 754].map(duration)).toEqual(["7.3 s", "75 s", "12.6 min"]);
    expect([plural(1, "class", "classes"), plural(2000, "step")]).toEqual([
      "1 class",
      "2,000 steps",
    ]);
  });

  it("are read only if they are what is asked for", () => {
    expect([whole(1)("7"), whole(0)("0"), number({ above: 0 })("1e-3")]).toEqual([7, 0, 0.001]);
    for (const text of ["", " ", "0", "1.5", "-1", "seven", "1e99", "Infinity"])
      expect(() => whole(1)(text), text).toThrow(/whole number of at least 1/);
    for (const text of ["", "0", "-1", "NaN", "Infinity", "fast"])
      expect(() => number({ above: 0 })(text), text).toThrow(/number above 0/);
  });
});

describe("a table", () => {
  it("has its first column on the left, the others on the right, and no blanks at the ends", () => {
    expect(textTable([["", "a"], ["long", "12"], ["x"]])).toBe("       a\nlong  12\nx");
  });
});

describe("a command to be pasted", () => {
  it("quotes what a shell would take apart", () => {
    expect(["runs/a-1", "my run", "it's", "$HOME", ""].map(quoted)).toEqual([
      ...["runs/a-1", "'my run'", String.raw`'it'\''s'`, "'$HOME'", "''"],
    ]);
    expect(commandLine("info", "my run")).toBe("npx inkgrad info 'my run'");
  });
});
