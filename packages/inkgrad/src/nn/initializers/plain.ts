import { ValueError } from "../../base/errors.js";
import { full } from "../../tensor/functions/create.js";
import {
  normal as drawNormal,
  truncatedNormal as drawTruncated,
} from "../../tensor/random/normal.js";
import { uniform as drawUniform } from "../../tensor/random/uniform.js";
import { type Initializer, initializer } from "./initializer.js";

/** First values that do not look at the fans. Defaults are Keras's. */

/** The same number everywhere. */
export const constant = (value = 0): Initializer => filled("constant", value, value);
/** 0 everywhere: for biases. */
export const zeros = (): Initializer => filled("zeros", 0, {});
/** 1 everywhere: for scales. */
export const ones = (): Initializer => filled("ones", 1, {});

function filled(kind: string, value: number, options: number | object): Initializer {
  if (!Number.isFinite(value))
    throw new ValueError(`${kind}: the value must be a finite number, got ${String(value)}`);
  return initializer(kind, options as number, (_key, shape) =>
    full(shape, value, { dtype: "f32" }),
  );
}

export interface UniformOptions {
  /** Included (default −0.05). */
  readonly min?: number;
  /** Not included (default 0.05). */
  readonly max?: number;
}

/** Uniform in [min, max). */
export function uniform({ min = -0.05, max = 0.05 }: UniformOptions = {}): Initializer {
  if (!(min < max))
    throw new ValueError(`uniform: min must be below max, got ${String(min)} and ${String(max)}`);
  return initializer("uniform", { min, max }, (key, shape) =>
    drawUniform(key, shape, { min, max }),
  );
}

export interface NormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation (default 0.05). */
  readonly std?: number;
}

/** Normal: mean + std · z. */
export function normal({ mean = 0, std = 0.05 }: NormalOptions = {}): Initializer {
  requireStd(std, "normal");
  return initializer("normal", { mean, std }, (key, shape) =>
    drawNormal(key, shape, { mean, std }),
  );
}

/** Of normal numbers those within two standard deviations of the mean. `std` is that before the cut. */
export function truncatedNormal({ mean = 0, std = 0.05 }: NormalOptions = {}): Initializer {
  requireStd(std, "truncatedNormal");
  return initializer("truncatedNormal", { mean, std }, (key, shape) =>
    drawTruncated(key, shape, { mean, std }),
  );
}

function requireStd(std: number, op: string): void {
  if (!(std >= 0 && std < Infinity))
    throw new ValueError(`${op}: std must be a finite number ≥ 0, got ${String(std)}`);
}
