import { crc32 } from "../../data/formats/crc32.js";
import { storedElements } from "../../data/tensor-of.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Json } from "../layer.js";
import type { Examples } from "../training/examples.js";
import type { FitOptions } from "../training/learner.js";
import { type BatchStream, isStream } from "../training/source.js";
import type { Learning } from "../training/step.js";
import { architectureOf, whyNotSaved } from "./architecture.js";
import { writeJson } from "./json.js";

/** What has to be the same for a training to go on: in words of the options, for messages. */

export function fingerprintOf(
  learning: Learning,
  data: Examples | BatchStream,
  options: FitOptions,
): Json {
  const { model, loss, optimizer, metrics, accumulate } = learning;
  const { batchSize = 32, seed = 0, shuffle = true, dropLast = false } = options;
  const { validationSplit = 0, validationData, classWeights = null } = options;
  return JSON.parse(
    writeJson({
      model: whyNotSaved(model) === null ? architectureOf(model) : model.kind,
      loss: { kind: loss.kind, options: loss.options },
      optimizer: { kind: optimizer.kind, options: optimizer.options },
      metrics: metrics.map(({ name }) => name),
      accumulate,
      batchSize,
      seed,
      shuffle,
      dropLast,
      validationSplit,
      classWeights,
      data: describeData(data),
      validationData: validationData === undefined ? null : describeData(validationData),
    }),
  ) as Json;
}

/** Bytes of a tensor that are looked at: enough to tell data sets apart. */
const looked = 2 ** 20;

function describeData(data: Examples | BatchStream): Json {
  if (isStream(data)) return { batches: data.batches ?? null };
  const { x, y, weights } = data;
  return {
    x: describeTensor(x),
    y: describeTensor(y),
    weights: weights ? describeTensor(weights) : null,
  };
}

function describeTensor(x: Tensor): string {
  const { buffer, byteOffset, byteLength } = storedElements(x);
  const sum = crc32(new Uint8Array(buffer, byteOffset, Math.min(byteLength, looked)));
  return `${x.dtype} [${x.shape.join(", ")}], check sum ${sum.toString(16)}`;
}

/** Where two differ: "batchSize was 32 and is 64". */
export function differences(before: Json, now: Json, path = ""): string[] {
  if (isObject(before) && isObject(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return keys.flatMap((key) =>
      differences(before[key] ?? null, now[key] ?? null, path === "" ? key : `${path}.${key}`),
    );
  }
  const [a, b] = [JSON.stringify(before), JSON.stringify(now)];
  return a === b ? [] : [`${path} was ${short(a)} and is ${short(b)}`];
}

type JsonObject = { readonly [key: string]: Json | undefined };

/** Lists too: by their positions. */
const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null;

const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}…` : text);
