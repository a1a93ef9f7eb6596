import { describe, expect, it } from "vitest";
import * as inkgrad from "inkgrad";
import { ops } from "@src/ops/table.js";
import { byName, casesOf, type GoldenCase, isGoldenTensor, mapTensors } from "./cases.js";
import { inputNode, requireGolden } from "./evaluate.js";

const composites = byName(casesOf("composites"));
const primitives = byName(casesOf("primitives"));

const exported = inkgrad as unknown as Readonly<Record<string, unknown>>;
const methods = inkgrad.Tensor.prototype as unknown as Readonly<Record<string, unknown>>;

/** A public function, or a method: the name with which the golden values call it. */
function lookUp(name: string): ((...args: unknown[]) => unknown) | undefined {
  if (typeof exported[name] === "function") return exported[name] as () => unknown;
  const method = methods[name];
  if (typeof method !== "function") return undefined;
  return (x, ...rest) => (method as (...args: unknown[]) => unknown).apply(x, rest);
}

function requireCase(one: GoldenCase): void {
  const inputs: ReturnType<typeof inputNode>[] = [];
  const args = mapTensors(one.args, (tensor) => {
    const node = inputNode(tensor);
    inputs.push(node);
    return new inkgrad.Tensor(node);
  }) as unknown[];
  const out = lookUp(one.name)!(...args);
  // Activations are written so that no element loses digits.
  const measure = one.family === "activations" ? "element" : "largest";
  requireGolden(one, { inputs, out }, measure, "largest");
}

describe("every public function agrees with PyTorch, NumPy and SciPy", () => {
  for (const [name, cases] of composites)
    it.skipIf(lookUp(name) === undefined)(`${name}: ${cases.length} cases`, () => {
      for (const one of cases) requireCase(one);
    });
});

/** Elementwise primitives are methods too; what is known of them holds for those. */
const asMethods = [...primitives].filter(([name, [{ attrs }]]) => {
  const isMap = name in ops && ops[name as keyof typeof ops].lower.kind === "map";
  return isMap && lookUp(name) !== undefined && Object.keys(attrs).length === 0;
});
describe("every elementwise method agrees with PyTorch and NumPy", () => {
  for (const [name, cases] of asMethods)
    it(`${name}: ${cases.length} cases`, () => {
      for (const one of cases) if (!divides(one)) requireCase(one);
    });
});

/** As a method, division of integers has a fraction; as a primitive it has not. */
const divides = ({ name, args }: GoldenCase): boolean =>
  name === "div" && isGoldenTensor(args[0]) && args[0].dtype !== "f64";

/** Public names that compute nothing of their own from tensors, and why. */
const without: Readonly<Record<string, string>> = {
  ...listed("toArray item data toString toJSON constructor", "reads values"),
  ...listed("tensor zeros ones full zerosLike onesLike", "makes tensors of what it is given"),
  ...listed("setBackend setThreads setDeterministic setWideVectors", "a setting"),
  ...listed("isTensor assertShape", "looks at a tensor and computes nothing"),
  ...listed("at range", "says which part of a tensor is meant: test/unit/indexing"),
  ...listed(
    "grad valueAndGrad vjp jvp jacobian hessian hvp directionalDerivative implicitDerivative implicitFunction explain",
    "a transform: test/unit/transforms",
  ),
  ...listed(
    "vmap checkpoint customGradient stopGradient checkGradients compile inspect profile",
    "a transform: test/unit/transforms",
  ),
  ...listed("criticalPoints", "a search: test/unit/linear-algebra"),
  ...listed(
    "sparseMatmul",
    "hands the arrays of its rows to the primitive, which has golden values: test/unit/tensor",
  ),
  ...listed("variable tape backward", "a transform: test/unit/transforms"),
};
function listed(names: string, reason: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name, reason]));
}

const isClass = (value: unknown): boolean =>
  typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));

describe("golden values leave no public function out", () => {
  const getters = Object.getOwnPropertyDescriptors(inkgrad.Tensor.prototype);
  const names = [
    ...Object.keys(exported).filter(
      (name) => typeof exported[name] === "function" && !isClass(exported[name]),
    ),
    ...Object.keys(getters).filter((name) => typeof getters[name].value === "function"),
  ];
  for (const name of new Set(names.filter((one) => !(one in without))))
    it(`${name} has three cases or more`, () => {
      const own = composites.get(name)?.length ?? 0;
      const shared = asMethods.find(([one]) => one === name)?.[1].length ?? 0;
      expect(own + shared).toBeGreaterThanOrEqual(3);
    });

  it("and have none for what does not exist", () => {
    const unknown = [...composites.keys()].filter((name) => lookUp(name) === undefined);
    expect(unknown).toEqual([]);
  });
});
