import { allocate, type DType } from "../../base/dtype.js";
import { DTypeError, ShapeError, ValueError } from "../../base/errors.js";
import { sameShape, show, sizeOf } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { tensor } from "../../tensor/functions/create.js";
import { elementsOf } from "../../tensor/operand.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import { tensorAround } from "../rows.js";
import type { Elements, Example, LoaderOptions, RawBatch, Value } from "./types.js";

/** What a batch consists of, before it is known where it stands. */
export interface Parts {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly weights?: Tensor;
}

type DTypes = LoaderOptions["dtypes"];

/**
 * Examples as one batch. The arrays of the batch are made once, and each example is written into its
 * place. They are not used again for later batches: a tensor's elements never change, and a backend
 * may have kept a copy of them.
 */
export function collate(examples: readonly Example[], dtypes: DTypes = {}): Parts {
  const x = stacked(
    examples.map((example) => example.x),
    "x",
    dtypes.x,
  );
  const y = stacked(
    examples.map((example) => example.y),
    "y",
    dtypes.y,
  );
  const weighted = examples.filter(({ weight }) => weight !== undefined).length;
  if (weighted === 0) return { x, y };
  if (weighted < examples.length)
    throw new ValueError(
      `${weighted} of ${examples.length} examples have a weight; give one to all of them or to none`,
    );
  return { x, y, weights: tensor(examples.map(({ weight }) => weight!)) };
}

function stacked(values: readonly Value[], what: string, wanted?: DType): Tensor {
  const first = elementsFrom(values[0], what, wanted);
  const size = first.data.length;
  const out = allocate(first.dtype, values.length * size);
  values.forEach((value, i) => {
    const { data, shape, dtype } = i === 0 ? first : elementsFrom(value, what, wanted);
    if (!sameShape(shape, first.shape))
      throw new ShapeError(
        `${what} of example ${i} in the batch has shape ${show(shape)}, that of the first ` +
          `${show(first.shape)}; all must have the same shape`,
      );
    if (dtype !== first.dtype)
      throw new DTypeError(
        `${what} of example ${i} in the batch is ${dtype}, that of the first ${first.dtype}`,
      );
    if (size === 1) out[i] = data[0];
    else out.set(data, i * size);
  });
  return tensorAround(out, [values.length, ...first.shape], first.dtype);
}

/** A batch that a source made itself, checked. */
export function batchFrom(raw: RawBatch, count: number | null, dtypes: DTypes = {}): Parts {
  if (typeof raw !== "object" || raw === null)
    throw new ValueError(`a batch { x, y } was expected, got ${describe(raw)}`);
  const x = whole(raw.x, "x", dtypes.x);
  const y = whole(raw.y, "y", dtypes.y);
  const weights = raw.weights === undefined ? undefined : whole(raw.weights, "weights");
  const n = count ?? x.shape[0];
  for (const [what, part] of Object.entries({ x, y, weights }))
    if (part !== undefined && part.shape[0] !== n)
      throw new ShapeError(
        `${what} of the batch must have ${n} examples on its first axis, got shape ${show(part.shape)}`,
      );
  return { x, y, ...(weights && { weights }) };
}

function whole(value: Value, what: string, wanted?: DType): Tensor {
  if (isTensor(value)) return value;
  const { data, shape, dtype } = elementsFrom(value, what, wanted);
  return tensorAround(data, shape, dtype);
}

function elementsFrom(value: Value, what: string, wanted?: DType): Required<Elements> {
  const made = isElements(value) ? checked(value, what) : value;
  if (isTensor(made)) return { data: elementsOf(made.node), shape: made.shape, dtype: made.dtype };
  if (typeof made !== "number" && typeof made !== "boolean" && !isList(made))
    throw new ValueError(`${what} must be numbers, arrays or a tensor, got ${describe(made)}`);
  // A typed array keeps its type unless told otherwise.
  const t = tensor(made as number[], wanted === undefined ? {} : { dtype: wanted });
  return { data: elementsOf(t.node), shape: t.shape, dtype: t.dtype };
}

const isList = (value: unknown): boolean => Array.isArray(value) || ArrayBuffer.isView(value);

const isElements = (value: Value): value is Elements =>
  typeof value === "object" &&
  value !== null &&
  !isTensor(value) &&
  !isList(value) &&
  isList((value as Partial<Elements>).data);

const arrayTypes: Readonly<Record<string, readonly DType[]>> = {
  Float32Array: ["f32"],
  Float64Array: ["f64"],
  Int32Array: ["i32"],
  Uint32Array: ["u32"],
  Uint8Array: ["u8", "bool"],
  Uint16Array: ["f16", "bf16"],
};

function checked(value: Elements, what: string): Tensor {
  const data = value.data;
  const name = (data as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? "Array";
  const possible = arrayTypes[name] ?? [];
  const dtype = value.dtype ?? possible[0];
  if (!possible.includes(dtype))
    throw new DTypeError(`${what}: a ${name} cannot hold ${dtype ?? "elements of a tensor"}`);
  if (sizeOf(value.shape) !== data.length)
    throw new ShapeError(
      `${what}: shape ${show(value.shape)} has ${sizeOf(value.shape)} elements, the data ${data.length}`,
    );
  return tensorAround(data, value.shape, dtype);
}
