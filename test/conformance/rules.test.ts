import { describe, expect, it } from "vitest";
import { type DType, dtypes, isFloat } from "@src/base/dtype.js";
import { DTypeError, ShapeError } from "@src/base/errors.js";
import { sizeOf } from "@src/base/shape.js";
import { makeNode } from "@src/graph/builder.js";
import type { OpName } from "@src/ops/table.js";
import { requireFirstDerivative, requireSecondDerivative } from "./derivatives.js";
import { gradientsOf } from "./expected.js";
import {
  accepts,
  blankNodes,
  callOf,
  casesOf,
  nodesOf,
  opNames,
  opOf,
  subjectNames,
  type Subject,
  subjectsOf,
  typesFor,
  withoutSamples,
} from "./subjects.js";

/** What an operation says about itself, whatever the backend. */

const takesSeveral = (name: OpName): boolean => casesOf(name).some(({ src }) => src.length > 1);
const differentiable = subjectNames.filter((name) => opOf(name).check.noGradient === undefined);

describe("every operation has samples", () => {
  it("but for those that are listed with a reason", () => {
    const without = opNames.filter((name) => opOf(name).check.cases.length === 0);
    expect(without.sort()).toEqual(Object.keys(withoutSamples).sort());
  });

  const neverEmpty: { readonly [K in OpName]?: string } = {
    randomBits: "its input is a key of two words; a result without elements is among the samples",
    full: "it has no input; a result without elements is among the samples",
    iota: "it has no input; a result without elements is among the samples",
  };
  const neverSingle: { readonly [K in OpName]?: string } = {
    ...neverEmpty,
    fft: "complex numbers are pairs; one pair is among the samples",
  };
  for (const name of subjectNames) {
    it(`${name}: an empty tensor, one of size one, and types to run them in`, () => {
      const sizes = casesOf(name).flatMap(({ src }) => src.map(({ shape }) => sizeOf(shape)));
      if (!(name in neverEmpty)) expect(sizes).toContain(0);
      if (!(name in neverSingle)) expect(sizes).toContain(1);
      expect(subjectsOf(name).length).toBeGreaterThan(0);
    });
  }
});

describe("samples vary", () => {
  for (const name of subjectNames) {
    it(name, () => {
      for (const { samples, label } of subjectsOf(name)) {
        samples.forEach(({ values, dtype, source }, i) => {
          const few = dtype === "bool" ? 8 : 6;
          if (values.length < few) return;
          const kinds = new Set(values).size;
          expect(kinds, `${label}, input ${i}`).toBeGreaterThanOrEqual(dtype === "bool" ? 2 : 3);
          if (source.kind === "distinct" && dtype !== "bool") expect(kinds).toBe(values.length);
          for (const other of samples.slice(i + 1))
            if (other.values.length >= few) expect(other.values, label).not.toEqual(values);
        });
      }
    });
  }
});

describe("a type that the rule refuses is refused with DTypeError", () => {
  for (const name of subjectNames) {
    it(name, () => {
      for (const one of casesOf(name))
        for (const dtype of typesFor(one)) {
          if (accepts(name, one.src, one.attrs, dtype)) continue;
          expect(() => makeNode(name, blankNodes(one.src, dtype), one.attrs)).toThrow(DTypeError);
        }
    });
  }
});

describe("two different types meet only where the rule says so", () => {
  const mixing: { readonly [K in OpName]?: string } = {
    after: "it does not look at its second input",
    ...pick(
      ["gather", "where", "scatter", "sparseMatmul"],
      "they fix the type of an index or condition",
    ),
  };
  for (const name of subjectNames.filter((op) => !(op in mixing) && takesSeveral(op))) {
    it(name, () => {
      for (const { src, attrs } of casesOf(name).filter(({ src }) => src.length > 1))
        for (const a of dtypes)
          for (const c of dtypes.filter((dtype) => dtype !== a)) {
            const mixed = src.map((s, i) => ({ ...s, dtype: i === 0 ? a : c }));
            expect(accepts(name, mixed, attrs, a), `${a} and ${c}`).toBe(false);
          }
    });
  }
});

function pick(names: readonly OpName[], reason: string): { [K in OpName]?: string } {
  return Object.fromEntries(names.map((name) => [name, reason]));
}

describe("shapes that differ where they must agree are refused with ShapeError", () => {
  // Any shapes will do for these.
  const free: readonly OpName[] = ["after", "gather"];
  for (const name of subjectNames.filter((op) => !free.includes(op) && takesSeveral(op))) {
    it(name, () => {
      for (const { src, attrs } of casesOf(name).filter(({ src }) => src.length > 1)) {
        const longer = src.map((s, i) => ({
          ...s,
          shape: i === 0 ? [...s.shape, 2, 2, 2] : s.shape,
        }));
        const dtype = dtypes.find((d) => accepts(name, src, attrs, d))!;
        const build = (): unknown => makeNode(name, blankNodes(longer, dtype), attrs);
        expect(build, JSON.stringify(longer)).toThrow(ShapeError);
      }
    });
  }
});

describe("a cotangent has the shape and type of its input", () => {
  for (const name of differentiable) {
    it(name, () => {
      for (const subject of subjectsOf(name)) {
        if (!isFloat(outputOf(subject).dtype)) continue;
        const { inputs, flows } = gradientsOf(subject, subject.samples);
        flows.forEach((flow, i) => {
          if (flow === null) return;
          expect(flow.shape, subject.label).toEqual(inputs[i].shape);
          expect(flow.dtype, subject.label).toBe(inputs[i].dtype);
        });
      }
    });
  }
});

describe("an operation said to have no gradient sends none", () => {
  for (const name of subjectNames.filter((op) => opOf(op).check.noGradient !== undefined)) {
    it(name, () => {
      for (const subject of subjectsOf(name)) {
        const { flows } = gradientsOf(subject, subject.samples);
        expect(flows.filter((flow) => flow !== null)).toEqual([]);
      }
    });
  }
});

describe("a gradient is what central differences say", () => {
  for (const name of differentiable)
    it(name, () => {
      for (const subject of smooth(name)) requireFirstDerivative(subject);
    });
});

describe("a second derivative is what central differences of the gradient say", () => {
  for (const name of differentiable)
    it(name, () => {
      for (const subject of smooth(name)) requireSecondDerivative(subject);
    });
});

/** Subjects computed in f64 throughout. */
function smooth(name: OpName): Subject[] {
  const found = subjectsOf(name).filter(
    (subject) => subject.dtype === "f64" && isWide(outputOf(subject).dtype),
  );
  expect(found.length, `${name} has samples in f64`).toBeGreaterThan(0);
  return found;
}
const isWide = (dtype: DType): boolean => dtype === "f64" || !isFloat(dtype);
const outputOf = (subject: Subject): { dtype: DType } => callOf(subject, nodesOf(subject.samples));
