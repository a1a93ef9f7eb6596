import { describe, expect, it } from "vitest";
import * as inkgrad from "inkgrad";
import { InkgradError, tensor, TraceError } from "inkgrad";

// What the types forbid, and JavaScript does not.
type Loose = (...args: unknown[]) => unknown;
const loose = inkgrad as unknown as Readonly<Record<string, Loose>>;

describe("what is no function is refused in a sentence, by", () => {
  const x = tensor([1, 2]);
  const calls: Readonly<Record<string, () => unknown>> = {
    grad: () => (loose.grad(3) as Loose)(x),
    valueAndGrad: () => (loose.valueAndGrad(x) as Loose)(x),
    vjp: () => loose.vjp(undefined, x),
    jvp: () => loose.jvp("sin", [x], [x]),
    jacobian: () => (loose.jacobian(3) as Loose)(x),
    hessian: () => (loose.hessian(3) as Loose)(x),
    hvp: () => loose.hvp(3, x, x),
    directionalDerivative: () => loose.directionalDerivative(3, x, x),
    vmap: () => (loose.vmap(3) as Loose)(x),
    checkpoint: () => (loose.checkpoint(3) as Loose)(x),
    customGradient: () => loose.customGradient(() => x, 3),
    checkGradients: () => loose.checkGradients(3, [x]),
    explain: () => loose.explain(3, x),
  };
  for (const [name, call] of Object.entries(calls))
    it(name, () => {
      expect(call).toThrow(InkgradError);
      expect(call).toThrow(/function/);
    });
  it("criticalPoints", async () => {
    const found = loose.criticalPoints(3, { starts: [[0]] }) as Promise<unknown>;
    await expect(found).rejects.toThrow("criticalPoints: expected a function of tensors, got");
  });
});

describe("what is no list of arguments is refused in a sentence, by", () => {
  const x = tensor([1, 2]);
  const f = (v: inkgrad.Tensor): inkgrad.Tensor => v.sum();
  it("jvp", () => {
    expect(() => loose.jvp(f, x, [x])).toThrow("jvp: the arguments must be a list");
    expect(() => loose.jvp(f, [x], x)).toThrow("jvp: the tangents must be a list");
  });
  it("checkGradients", () => {
    expect(() => loose.checkGradients(f, x)).toThrow(
      "checkGradients: the arguments must be a list",
    );
  });
  it("the rule of a customGradient", () => {
    const slope = loose.grad(loose.customGradient(f, () => undefined)) as Loose;
    expect(() => slope(x)).toThrow(TraceError);
    expect(() => slope(x)).toThrow("what the rule gives must be a list");
  });
});

describe("what is no tensor is refused in a sentence, by", () => {
  const calls: Readonly<Record<string, () => unknown>> = {
    variable: () => loose.variable(3),
    assign: () => {
      inkgrad.variable(tensor(1)).assign(3 as never);
    },
    "tape.watch": () => inkgrad.tape().watch(3 as never),
    implicitDerivative: () =>
      (loose.implicitDerivative((_x: unknown, y: unknown) => y) as Loose)(tensor(1), 3),
  };
  for (const [name, call] of Object.entries(calls))
    it(name, () => {
      expect(call).toThrow("expected a tensor, got the number 3");
    });
});

it("what is no number is refused in a sentence", () => {
  expect(() => loose.full([2], "1")).toThrow("full: expected one number to fill the shape with");
  for (const ddof of ["1", NaN])
    expect(() => tensor([1, 2]).std(0, { ddof: ddof as number })).toThrow(
      "std: ddof must be a number, which is taken from the count, got " + ddof,
    );
});
