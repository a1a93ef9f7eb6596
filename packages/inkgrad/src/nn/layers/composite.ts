import { InkgradError, InternalError, ShapeError } from "../../base/errors.js";
import { type Shape, show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { zeros } from "../../tensor/functions/create.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import { scoped } from "../../tensor/scope.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import {
  type Context,
  inference,
  type Json,
  type Layer,
  type NamedLayer,
  type Variables,
} from "../layer.js";

/** How layers that hold others hand each its own part of parameters, state and key. */

/** Variables of layers by their names; those without any are left out. */
export type Named = { readonly [name: string]: Variables };

/** Sends x through the layer of a number. */
export type Each = (index: number, x: Tensor) => Tensor;

export interface Composite {
  readonly kind: string;
  readonly name?: string;
  readonly options: Json;
  readonly inner: readonly NamedLayer[];
  /** What its parts are called in messages (default "layer"). */
  readonly part?: string;
  /** Sends a batch through the layers. First values are found by the same way. */
  readonly run: (each: Each, x: Tensor) => Tensor;
}

/** A layer of others. */
export function composite({ part = "layer", run, ...of }: Composite): Layer {
  const { kind, inner } = of;
  const place = (index: number): string => `${kind}: ${part} ${index + 1} (${inner[index].name})`;

  /** First values of all that is within. Shapes are found on the way, by layers that compute nothing. */
  function begin(key: Key, shape: Shape): { params: Named; state: Named } {
    const params: Record<string, Variables> = {};
    const state: Record<string, Variables> = {};
    const each: Each = (index, x) =>
      located(place(index), inner[index].layer.kind, () => {
        const { name, layer } = inner[index];
        const example = x.shape.slice(1);
        const own = layer.init?.(foldIn(key, index), example) ?? {};
        const kept = layer.initState?.(example) ?? {};
        if (!isEmpty(own)) params[name] = own;
        if (!isEmpty(kept)) state[name] = kept;
        const context: Context = { ...inference, state: kept };
        const result = requireOutput(
          scoped(() => layer.apply(own, x, context)),
          layer,
          x,
        );
        // What comes next sees the shape alone, so that no chain of work is gathered.
        return zeros([...result.shape], { dtype: result.dtype });
      });
    run(each, zeros([1, ...shape]));
    return { params, state };
  }

  /** What `init` found on its way: nested layers are not gone through twice for each level. */
  let found: { shape: string; state: Named } | undefined;
  return {
    ...of,
    init(key, shape) {
      const { params, state } = begin(key, shape);
      found = { shape: show(shape), state };
      return params;
    },
    initState(shape) {
      // Handed out once, for a training step takes the memory of what it is given.
      const fits = found?.shape === show(shape) ? found.state : undefined;
      found = undefined;
      return fits ?? begin(zeros([2], { dtype: "u32" }), shape).state;
    },
    apply(params, x, context = inference) {
      const { key, state, path, watch } = context;
      const kept: Record<string, Variables> = { ...(state as Named | undefined) };
      const each: Each = (index, x) =>
        located(place(index), inner[index].layer.kind, () => {
          const { name, layer } = inner[index];
          const within = [...path, name];
          const done = watch?.(inner[index], within, x);
          const output = layer.apply((params as Named)[name] ?? {}, x, {
            ...context,
            key: key === undefined ? undefined : foldIn(key, index),
            state: (state as Named | undefined)?.[name],
            keep: (state) => {
              kept[name] = state;
            },
            path: within,
          });
          requireOutput(output, layer, x);
          done?.(output);
          return output;
        });
      const result = run(each, x);
      if (Object.keys(kept).length > 0) context.keep(kept);
      return result;
    },
  };
}

/** Functions of one's own may forget to return, or lose the batch's axis. */
function requireOutput(output: unknown, { kind }: Layer, x: Tensor): Tensor {
  if (!isTensor(output))
    throw new InkgradError(`${kind}: it must return a tensor, got ${describe(output)}`);
  if (output.rank > 0 && output.shape[0] === x.shape[0]) return output;
  throw new ShapeError(
    `${kind}: of a batch of ${x.shape[0]} it must make as many, [${x.shape[0]}, ...], got ${show(output.shape)}`,
  );
}

const isEmpty = (variables: Variables): boolean =>
  typeof variables === "object" && Object.keys(variables).length === 0;

/** Errors of a layer say where it stands. */
function located<R>(place: string, kind: string, body: () => R): R {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof InkgradError) || error instanceof InternalError) throw error;
    const said = error.message;
    const what = said.startsWith(`${kind}: `) ? said.slice(kind.length + 2) : said;
    const Class = error.constructor as typeof InkgradError;
    throw new Class(`${place}: ${what}`, { cause: error });
  }
}

/** Names for layers: their own, or their kind, numbered from the second on: dense, dense_1. */
export function named(layers: readonly Layer[], op: string): NamedLayer[] {
  layers.forEach((layer: Partial<Layer> | undefined, i) => {
    if (typeof layer?.apply !== "function" || typeof layer.kind !== "string")
      throw new InkgradError(
        `${op}: what stands at place ${i + 1} is no layer; layers are made by calls such as dense(10), ` +
          'plain functions become layers by lambda("name", (x) => …)',
      );
  });
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
