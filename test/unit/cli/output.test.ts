// Where the command writes, and how a line is drawn again.
import { describe, expect, it } from "vitest";
import { createOutput } from "@src/cli/output/output.js";
import { stream } from "../../support/stream.js";

const open = ({ json = false, terminal = false, columns = 80, env = {} } = {}) => {
  const stdout = stream({ isTTY: terminal, columns });
  const stderr = stream({ isTTY: terminal, columns });
  return { stdout, stderr, output: createOutput({ json }, { stdout, stderr, env }) };
};

describe("output", () => {
  it("speaks to people on stdout and warns on stderr", () => {
    const { output, stdout, stderr } = open();
    output.say("hello");
    output.warn("careful");
    output.result({ not: "asked for" });
    expect([stdout.text(), stderr.text()]).toEqual(["hello\n", "careful\n"]);
  });

  it("with json has one object on stdout, however often it is told, and all else on stderr", () => {
    const { output, stdout, stderr } = open({ json: true });
    output.say("hello");
    output.result({ a: 1 });
    output.result({ a: 2 });
    expect([stdout.text(), stderr.text()]).toEqual(['{"a":1}\n', "hello\n"]);
  });

  it("draws a line again in a terminal only, and keeps it below what is said", () => {
    const plain = open();
    plain.output.redraw("10 %");
    expect(plain.stdout.text()).toBe("");
    const { output, stdout } = open({ terminal: true });
    output.redraw("10 %");
    output.redraw("10 %");
    output.say("by the way");
    output.redraw("");
    const clear = "\r\u001b[2K";
    expect(stdout.text()).toBe(`${clear}10 %${clear}by the way\n10 %${clear}`);
  });

  it("has colours in a terminal, unless NO_COLOR or a dumb one says no", () => {
    expect(open({ terminal: true }).output.colours.isColorSupported).toBe(true);
    expect(open({ terminal: true, env: { NO_COLOR: "1" } }).output.colours.isColorSupported).toBe(
      false,
    );
    expect(open().output.colours.isColorSupported).toBe(false);
    const dumb = open({ terminal: true, env: { TERM: "dumb" } }).output;
    expect([dumb.live, dumb.colours.isColorSupported]).toEqual([false, false]);
  });

  it("knows the width of the terminal, however narrow, and takes 80 where there is none", () => {
    expect(open({ terminal: true, columns: 30 }).output.columns).toBe(30);
    expect(open({ terminal: true, columns: 0 }).output.columns).toBe(80);
  });
});
