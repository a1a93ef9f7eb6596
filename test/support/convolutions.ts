import type { Backend, ProgramReport } from "@src/backend/backend.js";
import { backendNamed } from "@src/backend/registry.js";
import { positions } from "@src/base/shape.js";
import { programOf } from "@src/compile/execute.js";
import { makeNode } from "@src/graph/builder.js";
import type { GraphNode } from "@src/graph/node.js";
import { schedule } from "@src/graph/schedule.js";
import type { Node } from "@src/ops/op.js";
import { requireClose } from "./compare.js";
import { constant } from "./elements.js";
import { seeded } from "./random.js";
import { run, runReference } from "./run.js";
import { toleranceOf } from "./tolerances.js";

/** Convolutions and their gradients on the wasm backend, against the reference. */

const wasm = backendNamed("wasm");
/** Without fused multiply-add: tiles are other ones. */
export const unfused: Backend = {
  ...wasm,
  name: "wasm, unfused",
  load: (program, options) => wasm.load(program, { ...options, deterministic: true }),
};

/** What the backend says of the program that computes a node. */
export const reportOf = (node: Node, on: Backend = wasm): ProgramReport =>
  on.load(programOf(schedule([node as GraphNode]))).report!;

/** A convolution: x [n, ...spatial, c], window, features; what is not said is plain. */
export interface ConvolutionCase {
  readonly x: readonly number[];
  readonly window: readonly number[];
  readonly features: number;
  readonly strides?: readonly number[];
  readonly padding?: readonly (readonly [number, number])[];
  readonly dilation?: readonly number[];
  readonly groups?: number;
}

type Type = "f32" | "f64";
export const convolutions = ["conv", "convInput", "convKernel"] as const;

/** Numbers of a kind: whole ones, whose sums are exact in any order, or any. */
type Kind = "whole" | "any" | "magnitudes" | "zeros";
const kinds: { readonly [K in Kind]: (uniform: number) => number } = {
  whole: (uniform) => Math.floor(9 * uniform) - 4,
  any: (uniform) => Math.fround(2 * uniform - 1),
  magnitudes: (uniform) => Math.abs(Math.fround(2 * uniform - 1)),
  zeros: () => 0,
};

/** The three operations of a case. */
export function convolutionNodes(given: ConvolutionCase, dtype: Type, kind: Kind): Node[] {
  const { x, window, features, groups = 1 } = given;
  const spatial = x.slice(1, -1);
  const attrs = {
    strides: given.strides ?? spatial.map(() => 1),
    padding: given.padding ?? spatial.map(() => [0, 0] as const),
    dilation: given.dilation ?? spatial.map(() => 1),
    groups,
  };
  const out = spatial.map((size, i) =>
    positions(size, window[i], attrs.strides[i], attrs.dilation[i], attrs.padding[i]),
  );
  const next = seeded(JSON.stringify(given));
  const random = (...shape: readonly number[]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return constant(
      Array.from({ length: size }, () => kinds[kind](next())),
      shape,
      dtype,
    );
  };
  const image = random(...x);
  const kernel = random(...window, x.at(-1)! / groups, features);
  const cotangent = random(x[0], ...out, features);
  return [
    makeNode("conv", [image, kernel], attrs),
    makeNode("convInput", [cotangent, kernel], { ...attrs, spatial }),
    makeNode("convKernel", [image, cotangent], { ...attrs, window }),
  ];
}

const both = ["f32", "f64"] as const;

/** All three operations, exactly. */
export async function checkConvolution(
  given: ConvolutionCase,
  types: readonly Type[] = both,
): Promise<void> {
  const expected = runReference(convolutionNodes(given, "f64", "whole"));
  for (const dtype of types) {
    const got = await run(
      dtype === "f32" ? wasm : unfused,
      convolutionNodes(given, dtype, "whole"),
    );
    convolutions.forEach((name, i) => {
      const what = `${name} ${dtype} ${JSON.stringify(given)}`;
      requireClose(expected[i], got[i], { dtype, ulps: 0, signedZeros: false }, what);
    });
  }
}

/** All three operations on any numbers, within the tolerance of sums. */
export async function checkConvolutionRounding(given: ConvolutionCase): Promise<void> {
  const expected = runReference(convolutionNodes(given, "f64", "any"));
  const scales = runReference(convolutionNodes(given, "f64", "magnitudes"));
  for (const dtype of both) {
    const got = await run(unfused, convolutionNodes(given, dtype, "any"));
    convolutions.forEach((name, i) => {
      const closeness = { dtype, ulps: toleranceOf(name)[dtype], scale: scales[i] };
      requireClose(expected[i], got[i], closeness, `${name} ${dtype} ${JSON.stringify(given)}`);
    });
  }
}

export const upTo67 = Array.from({ length: 67 }, (_, i) => i + 1);
