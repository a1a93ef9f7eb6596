import type { Layer } from "../layer.js";
import { composite, named } from "./composite.js";
import { savableLayers } from "./options.js";

/** Layers one after another. */
export function chain(layers: readonly Layer[]): Layer {
  const inner = named(layers, "sequential");
  const saved = savableLayers(layers);
  return composite({
    kind: "sequential",
    options: saved === null ? null : { layers: saved },
    inner,
    run: (each, x) => inner.reduce((h, _, i) => each(i, h), x),
  });
}
