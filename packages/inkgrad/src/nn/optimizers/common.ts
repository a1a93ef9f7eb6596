import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { full } from "../../tensor/functions/create.js";
import { clip, minimum } from "../../tensor/functions/elementwise.js";
import type { Tensor } from "../../tensor/tensor.js";

/** What every optimizer can do besides its own rule: clip gradients, keep parameters small. */
export interface CommonOptions {
  /**
   * Decoupled decay λ: p ← p − r·λ·p beside the step, as PyTorch's and Keras's AdamW have it (default
   * 0; adamW: 0.01). @source Loshchilov & Hutter, arXiv:1711.05101
   */
  readonly weightDecay?: number;
  /** Adds λ·sign(p) to the gradient: that of a penalty λ Σ |p| (default 0). */
  readonly l1?: number;
  /**
   * Adds λ·p to the gradient: that of a penalty ½λ Σ p² (default 0). PyTorch's `weight_decay`; Keras's
   * regularizer l2(λ) has no ½ and so twice the effect.
   */
  readonly l2?: number;
  /**
   * Which parameters decay and penalties are for: "kernels" (default), those of two or more axes, so
   * neither biases nor scales, as is usual practice; "all", as PyTorch and Keras have it; or a
   * function of the path ("dense.kernel") and the parameter.
   */
  readonly decay?: "kernels" | "all" | ((path: string, parameter: Tensor) => boolean);
  /** Holds each element of the gradient between −c and c. */
  readonly clipValue?: number;
  /** Shortens the gradient of each parameter to this length (Keras's clipnorm). */
  readonly clipNorm?: number;
  /** Shortens all gradients together to this length (PyTorch's clip_grad_norm_). */
  readonly clipGlobalNorm?: number;
}

export function requireCommon(options: CommonOptions, kind: string): void {
  for (const name of ["weightDecay", "l1", "l2"] as const) {
    const value = options[name] ?? 0;
    if (!(value >= 0 && value < Infinity))
      throw new ValueError(`${kind}: ${name} must be a number ≥ 0, got ${String(value)}`);
  }
  for (const name of ["clipValue", "clipNorm", "clipGlobalNorm"] as const) {
    const value = options[name];
    if (value !== undefined && !(value > 0 && value < Infinity))
      throw new ValueError(`${kind}: ${name} must be a number > 0, got ${String(value)}`);
  }
  const { decay = "kernels" } = options;
  if (decay !== "kernels" && decay !== "all" && typeof decay !== "function")
    throw new ValueError(
      `${kind}: decay must be "kernels", "all" or a function of a parameter's path, got ` +
        (typeof decay === "string" ? `"${String(decay)}"` : describe(decay)),
    );
}

/** Is this parameter kept small? */
export function isDecayed(options: CommonOptions, path: string, parameter: Tensor): boolean {
  const { decay = "kernels" } = options;
  if (typeof decay === "function") return decay(path, parameter);
  return decay === "all" || parameter.rank >= 2;
}

/** Clipped by value, then each by its length, then all together. */
export function clipped(gradients: readonly Tensor[], options: CommonOptions): readonly Tensor[] {
  const { clipValue, clipNorm, clipGlobalNorm } = options;
  let now = gradients;
  if (clipValue !== undefined) now = now.map((g) => clip(g as never, -clipValue, clipValue));
  if (clipNorm !== undefined) now = now.map((g) => shortened(g, squaredLength(g), clipNorm));
  if (clipGlobalNorm !== undefined && now.length > 0) {
    const total = now.map(squaredLength).reduce((sum, part) => sum.add(part));
    now = now.map((g) => shortened(g, total, clipGlobalNorm));
  }
  return now;
}

/** In f64: squares of f32 overflow from 2e19 on. */
const squaredLength = (g: Tensor): Tensor => g.cast("f64").square().sum();

const shortened = (g: Tensor, squared: Tensor, length: number): Tensor => {
  const factor = minimum(full([], length, { dtype: "f64" }).div(squared.sqrt()), 1);
  return g.mul(factor.cast(g.dtype));
};

/** The gradient with that of the penalties. */
export function penalized(g: Tensor, p: Tensor, { l1 = 0, l2 = 0 }: CommonOptions): Tensor {
  const flat = l1 === 0 ? g : g.add(p.sign().mul(l1));
  return l2 === 0 ? flat : flat.add(p.mul(l2));
}
