import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { InkgradError } from "@src/base/errors.js";
import { flatten, mapTree } from "@src/base/tree.js";

const options = {
  isLeaf: (value: unknown): value is number => typeof value === "number",
  what: "a number",
};

describe("a tree", () => {
  it("gives its leaves in order, keys sorted, and takes others in their places", () => {
    const tree = { b: [1, { z: 2, a: 3 }], a: 4 };
    const { leaves, unflatten } = flatten(tree, options);
    expect(leaves).toEqual([4, 1, 3, 2]);
    expect(unflatten(leaves)).toEqual(tree);
    expect(unflatten(["p", "q", "r", "s"])).toEqual({ b: ["q", { z: "s", a: "r" }], a: "p" });
  });

  it("does not depend on the order in which keys were written", () => {
    expect(flatten({ x: 1, y: 2 }, options).leaves).toEqual(
      flatten({ y: 2, x: 1 }, options).leaves,
    );
  });

  it("is put together with its keys as they were written", () => {
    const { unflatten, form } = flatten({ y: 1, x: { b: 2, a: 3 } }, options);
    const rebuilt = unflatten([4, 5, 6]) as { x: object };
    expect(rebuilt).toEqual({ x: { a: 4, b: 5 }, y: 6 });
    expect([Object.keys(rebuilt), Object.keys(rebuilt.x)]).toEqual([["y", "x"], ["b", "a"]]); // prettier-ignore
    expect(form).not.toBe(flatten({ x: { b: 2, a: 3 }, y: 1 }, options).form);
  });

  it("may hold plain objects of another realm", () => {
    const foreign = runInNewContext("({ w: 1, b: [2] })") as object;
    expect(flatten(foreign, options).leaves).toEqual([2, 1]);
    class Own {}
    expect(() => flatten(new Own(), options)).toThrow("class Own");
  });

  it("may be a single leaf, or empty", () => {
    expect(flatten(7, options).unflatten([8])).toBe(8);
    expect(flatten([], options).leaves).toEqual([]);
    expect(flatten({ a: [], b: {} }, options).unflatten([])).toEqual({ a: [], b: {} });
  });

  it("takes objects without a prototype, and keys such as __proto__, for what they are", () => {
    const bare = Object.assign(Object.create(null) as object, { w: 1 });
    expect(flatten(bare, options).leaves).toEqual([1]);
    const odd = JSON.parse('{"__proto__": 5}') as object;
    const rebuilt = flatten(odd, options).unflatten([6]) as object;
    expect(Object.getOwnPropertyDescriptor(rebuilt, "__proto__")?.value).toBe(6);
  });

  it("refuses what has no place in it, and says where it stood", () => {
    const wrong: [unknown, RegExp][] = [
      [{ a: [1, "two"] }, /got the string two at \.a\[1\]/],
      [{ layers: [{ kernel: null }] }, /got null at \.layers\[0\]\.kernel/],
      [undefined, /got undefined$/],
      [new Map(), /got an object of class Map/],
      [Promise.resolve(1), /got a promise; await it first/],
      [() => 1, /got a function/],
      [Symbol("s"), /got the symbol Symbol\(s\)/],
      [10n, /got the bigint 10/],
    ];
    for (const [tree, message] of wrong) {
      expect(() => flatten(tree, options)).toThrow(InkgradError);
      expect(() => flatten(tree, options)).toThrow(message);
    }
  });

  it("refuses too few or too many leaves to put back", () => {
    const { unflatten } = flatten([1, 2], options);
    expect(() => unflatten([1])).toThrow("expected 2 leaves to put back, got 1");
    expect(() => unflatten([1, 2, 3])).toThrow("got 3");
  });

  it("is mapped leaf by leaf", () => {
    expect(mapTree({ a: 1, b: [2, 3] }, options, (x) => x * 10)).toEqual({ a: 10, b: [20, 30] });
  });

  it("that holds itself is refused, not walked for ever", () => {
    const tree: Record<string, unknown> = { a: 1 };
    tree.self = tree;
    expect(() => flatten(tree, options)).toThrow(/\.self/);
  });

  it("gives the leaves of others of its form, and of no others", () => {
    const { leavesOf } = flatten({ b: [1, { z: 2, a: 3 }], a: 4 }, options);
    expect(leavesOf({ b: [5, { z: 6, a: 7 }], a: 8 })).toEqual([8, 5, 7, 6]);
    const others: unknown[] = [
      7,
      null,
      [],
      { b: [1, { z: 2, a: 3 }] },
      { b: [1, { z: 2, a: 3 }], a: 4, c: 5 },
      { b: [1, { z: 2, a: 3 }], c: 4 },
      { a: 4, b: [1, { z: 2, a: 3 }] },
      { b: [1, { a: 3, z: 2 }], a: 4 },
      { b: [1], a: 4 },
      { b: [1, 2], a: 4 },
      { b: [1, { z: 2, a: [3] }], a: 4 },
      { b: { 0: 1, 1: { z: 2, a: 3 } }, a: 4 },
      { b: [1, { z: 2, a: "3" }], a: 4 },
      new Map(),
    ];
    for (const other of others) expect(leavesOf(other)).toBeNull();
    expect(flatten([], options).leavesOf([])).toEqual([]);
    expect(flatten([], options).leavesOf({})).toBeNull();
  });
});
