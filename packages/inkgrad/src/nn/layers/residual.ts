import { ShapeError } from "../../base/errors.js";
import { type Shape, sameShape, show } from "../../base/shape.js";
import type { Layer } from "../layer.js";
import type { CheckedParts, ResidualRule } from "../types/composites.js";
import { composite, named } from "./composite.js";
import { conv1d } from "./conv1d.js";
import { conv2d } from "./conv2d.js";
import { dense } from "./dense.js";
import { type LayerJson, savableLayers } from "./options.js";

export interface ResidualOptions {
  /**
   * What x goes through on its way around the layers: "identity", nothing; "projection", a product with
   * a learned matrix [c, filters] at every point, or at as few as the layers leave; or a layer.
   */
  readonly shortcut: "identity" | "projection" | Layer;
}

const isOptions = (x: Layer | ResidualOptions | undefined): x is ResidualOptions =>
  typeof x === "object" && "shortcut" in x;

/**
 * Adds what layers, one after another, make of x to x itself: `residual(conv2d(8, 3, { padding:
 * "same" }), batchNorm())`. Where they change its shape, x needs a way to the new one:
 * `residual({ shortcut: "projection" }, conv2d(16, 3, { stride: 2, padding: "same" }))`.
 *
 * @throws ShapeError  if the two have not the same shape
 * @source He et al., arXiv:1512.03385
 */
export function residual<const L extends readonly (Layer | ResidualOptions)[]>(
  ...parts: CheckedParts<L>
): Layer<ResidualRule<L>> {
  const [first, ...others] = parts as unknown as readonly (Layer | ResidualOptions)[];
  const { shortcut } = isOptions(first) ? first : { shortcut: "identity" as const };
  const layers = (
    isOptions(first) || first === undefined ? others : [first, ...others]
  ) as readonly Layer[];
  const chained = named(layers, "residual");
  /** What the layers made last, which the way around has to come to. */
  let target: Shape = [];
  const around =
    shortcut === "identity"
      ? []
      : [
          {
            name: "shortcut",
            layer: shortcut === "projection" ? projection(() => target) : shortcut,
          },
        ];
  const saved = savableLayers(typeof shortcut === "string" ? layers : [...layers, shortcut]);
  return composite({
    kind: "residual",
    options: saved === null ? null : optionsOf(saved, shortcut),
    inner: [...chained, ...around],
    run(each, x) {
      const made = chained.reduce((h, _, i) => each(i, h), x);
      target = made.shape.slice(1);
      const base = around.length === 0 ? x : each(chained.length, x);
      if (!sameShape(made.shape, base.shape)) throw differ(target, base.shape.slice(1));
      return made.add(base);
    },
  }) as Layer<ResidualRule<L>>;
}

const optionsOf = (saved: LayerJson[], shortcut: ResidualOptions["shortcut"]) =>
  typeof shortcut === "string"
    ? { layers: saved, shortcut }
    : { layers: saved.slice(0, -1), shortcut: saved[saved.length - 1] };

const differ = (made: Shape, base: Shape): ShapeError =>
  new ShapeError(
    `residual: the layers make ${show(made)}, to which ${show(base)} cannot be added; give ` +
      "{ shortcut: 'projection' } first, or layers that keep the shape",
  );

/** A product with a matrix at every point that the layers leave: a convolution of window 1. */
function projection(target: () => Shape): Layer {
  const to = (from: Shape): Layer => {
    const after = target();
    const filters = after[after.length - 1];
    const strides = from.slice(0, -1).map((n, i) => Math.max(1, Math.ceil(n / after[i])));
    if (after.length !== from.length || from.length > 3 || from.length === 0)
      throw new ShapeError(
        `residual: no projection leads from ${show(from)} to ${show(after)}; give a layer as shortcut`,
      );
    if (strides.length === 0) return dense(filters, { bias: false });
    const how = { padding: "same", bias: false } as const;
    return strides.length === 1
      ? conv1d(filters, 1, { ...how, stride: strides[0] })
      : conv2d(filters, 1, { ...how, stride: [strides[0], strides[1]] });
  };
  return {
    kind: "projection",
    options: {},
    init: (key, shape) => to(shape).init!(key, shape),
    apply: (params, x, context) => to(x.shape.slice(1)).apply(params, x, context),
  };
}
