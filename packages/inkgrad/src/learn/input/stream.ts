import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";

type Iterables<T> = AsyncIterable<T> | Iterable<T>;

/**
 * Parts one after the other, such as what a generator gives. To be gone through several times, a function that
 * begins anew.
 */
export type Stream<T> = Iterables<T> | (() => Iterables<T>);

/**
 * Begins a pass over a stream, as often as it is called.
 *
 * @param passes  how many there will be
 * @throws ValueError  if it is no stream, or one that can be gone through only once
 */
export function passesOf<T>(stream: Stream<T>, passes: number, op: string): () => Iterables<T> {
  if (typeof stream === "function")
    return () => {
      const parts = stream();
      if (!isIterable(parts))
        throw new ValueError(
          `${op}: the function gave ${describe(parts)}, expected parts to iterate`,
        );
      return parts;
    };
  if (!isIterable(stream))
    throw new ValueError(
      `${op}: expected a stream of parts (an iterable, or a function that gives one), got ${describe(stream)}`,
    );
  // A generator is its own iterator, and is used up when it has been gone through.
  if (passes > 1 && "next" in stream)
    throw new ValueError(
      `${op}: this stream can be gone through once, and there are to be ${passes} passes; give a function ` +
        "that begins it anew: () => parts()",
    );
  return () => stream;
}

const isIterable = (x: unknown): x is Iterables<never> =>
  typeof x === "object" && x !== null && (Symbol.asyncIterator in x || Symbol.iterator in x);
