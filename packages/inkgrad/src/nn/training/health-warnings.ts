import type { Health, LayerHealth } from "./health.js";

/** A layer whose gradients are this much smaller than those of another learns next to nothing. */
const vanishing = 1e-4;
/** Gradients of this norm are hardly ever meant. */
const exploding = 1e3;
/** A step that changes a layer by this share of itself makes it forget. */
const hasty = 0.3;
/** Dead or saturated shares from here on are told. */
const many = 0.5;

/** What looks wrong, and what to try: one sentence each. */
export function warningsOf({
  gradient,
  layers,
  activations,
}: Omit<Health, "warnings">): readonly string[] {
  const warnings: string[] = [];
  const broken = layers.filter((layer) => !Number.isFinite(layer.gradient));
  if (broken.length > 0)
    return [
      `the gradients of ${list(broken)} are not finite; look for NaN in the data, lower the learning ` +
        "rate, or clip gradients",
    ];
  if (gradient > exploding)
    warnings.push(
      `gradients explode (norm ${gradient.toExponential(1)}, most of it in ` +
        `${largest(layers).layer}); lower the learning rate, clip gradients, scale the inputs to ` +
        "about −1…1, or put a normalisation before it",
    );
  const typical = (layer: LayerHealth): number => layer.gradient / Math.sqrt(layer.size);
  const greatest = Math.max(...layers.map(typical));
  const faint = layers.filter((layer) => typical(layer) < greatest * vanishing);
  if (faint.length > 0)
    warnings.push(
      `gradients vanish in ${list(faint)} (below 1/${1 / vanishing} of those elsewhere); take relu ` +
        "instead of sigmoid or tanh, the initializer heNormal, a normalisation, or residual layers",
    );
  const rash = layers.filter(({ update, parameters }) => parameters > 0 && update > hasty);
  if (rash.length > 0)
    warnings.push(
      `a step changes ${list(rash)} by more than ${hasty * 100} % of its norm; lower the learning ` +
        "rate, or warm it up",
    );
  for (const { layer, kind, dead = 0, saturated = 0 } of activations) {
    if (dead > many)
      warnings.push(
        `${percent(dead)} of the units of ${layer} (${kind}) are dead: 0 for a whole batch; lower ` +
          "the learning rate, take leakyRelu or the initializer heNormal",
      );
    if (saturated > many)
      warnings.push(
        `${percent(saturated)} of what ${layer} (${kind}) gives is saturated, where it hardly learns; ` +
          "scale the inputs, begin with smaller weights, or put a normalisation before it",
      );
  }
  return warnings;
}

const list = (layers: readonly LayerHealth[]): string =>
  layers.map(({ layer }) => (layer === "" ? "the model" : layer)).join(", ");

const largest = (layers: readonly LayerHealth[]): LayerHealth =>
  layers.reduce((a, b) => (b.gradient > a.gradient ? b : a));

const percent = (share: number): string => `${Math.round(share * 100)} %`;
