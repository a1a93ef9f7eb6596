import { InkgradError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { foldIn } from "../../tensor/random/key.js";
import { zeros } from "../../tensor/functions/create.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Context, inference, type Layer, type NamedLayer, type Variables } from "../layer.js";

/** Layers one after another, and how any layer with others inside hands things to them. */

/** Variables of layers by their names; those without any are left out. */
export type Named = { readonly [name: string]: Variables };

/** Names for layers: their own, or their kind, numbered from the second on: dense, dense_1. */
export function named(layers: readonly Layer[], op: string): NamedLayer[] {
  const counts = new Map<string, number>();
  const result = layers.map((layer): NamedLayer => {
    if (layer.name !== undefined) return { name: layer.name, layer };
    const count = counts.get(layer.kind) ?? 0;
    counts.set(layer.kind, count + 1);
    return { name: count === 0 ? layer.kind : `${layer.kind}_${count}`, layer };
  });
  const names = result.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new InkgradError(`${op}: two layers are called "${twice}"; give one another name`);
  return result;
}

/** Parameters of a layer, as `apply` wants them: what has none gets {}. */
const paramsOf = (layer: Layer, key: Key, shape: Shape): Variables =>
  layer.init?.(key, shape) ?? {};

/** The shape that a layer makes of examples of a shape. Nothing is computed for it. */
export function shapeAfter(layer: Layer, params: Variables, shape: Shape): Shape {
  const context: Context = { ...inference, state: layer.initState?.(shape) };
  return layer.apply(params, zeros([1, ...shape]), context).shape.slice(1);
}

const isEmpty = (variables: Variables): boolean =>
  typeof variables === "object" && Object.keys(variables).length === 0;

/** First values for layers that follow each other, and the shape in between. */
export function initChain(
  layers: readonly NamedLayer[],
  key: Key,
  shape: Shape,
): { params: Named; shapes: Shape[] } {
  const params: Record<string, Variables> = {};
  const shapes = [shape];
  layers.forEach(({ name, layer }, i) => {
    const own = paramsOf(layer, foldIn(key, i), shapes[i]);
    if (!isEmpty(own)) params[name] = own;
    shapes.push(shapeAfter(layer, own, shapes[i]));
  });
  return { params, shapes };
}

/** Calls the layers within another one: each with its part of all that is handed down. */
export class Inner {
  private readonly kept: Record<string, Variables>;

  constructor(
    private readonly params: Variables,
    private readonly context: Context,
  ) {
    this.kept = { ...(context.state as Named | undefined) };
  }

  apply({ name, layer }: NamedLayer, index: number, x: Tensor): Tensor {
    const { training, key, path, state, observe } = this.context;
    const context: Context = {
      training,
      key: key === undefined ? undefined : foldIn(key, index),
      state: (state as Named | undefined)?.[name],
      keep: (state) => {
        this.kept[name] = state;
      },
      observe,
      path: [...path, name],
    };
    return layer.apply((this.params as Named)[name] ?? {}, x, context);
  }

  /** Hands over what the layers keep, all of it together. */
  done(): void {
    if (Object.keys(this.kept).length > 0) this.context.keep(this.kept);
  }
}

/** The layers one after another. */
export function chain(layers: readonly Layer[], kind = "sequential", name?: string): Layer {
  const inner = named(layers, kind);
  return {
    kind,
    name,
    options: {},
    inner,
    init: (key, shape) => initChain(inner, key, shape).params,
    initState(shape) {
      const { shapes } = initChain(inner, zeros([2], { dtype: "u32" }), shape);
      const states = inner.map(
        ({ name, layer }, i) => [name, layer.initState?.(shapes[i])] as const,
      );
      return Object.fromEntries(
        states.filter((entry): entry is [string, Variables] => {
          const [, state] = entry;
          return state !== undefined && !isEmpty(state);
        }),
      );
    },
    apply(params, x, context = inference) {
      const each = new Inner(params, context);
      const result = inner.reduce((h, layer, i) => each.apply(layer, i, h), x);
      each.done();
      return result;
    },
  };
}
