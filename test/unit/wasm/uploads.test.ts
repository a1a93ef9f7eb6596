import { expect, it } from "vitest";
import { Heap } from "@src/backend/wasm/memory/heap.js";
import { Uploads } from "@src/backend/wasm/memory/uploads.js";

const large = (first: number): Float32Array<ArrayBuffer> =>
  new Float32Array(2 ** 22).fill(first, 0, 1);

/** Address and first element of an array's copy, as one program finds it; null: there is none. */
function seen(heap: Heap, uploads: Uploads, array: Float32Array<ArrayBuffer>) {
  const at = uploads.addressOf(array);
  uploads.done();
  return at === null ? null : { at, first: new Float32Array(heap.memory.buffer, at, 1)[0] };
}

it("small arrays are kept from the third time on, and the smallest never", () => {
  const heap = new Heap(false);
  const uploads = new Uploads(heap);
  const [some, few] = [new Float32Array(2000).fill(7), new Float32Array(1000).fill(7)];
  const times = [1, 2, 3, 4].map(() => seen(heap, uploads, some));
  expect(times.slice(0, 2)).toEqual([null, null]);
  expect(times[2]?.first).toBe(7);
  expect(times[3]).toEqual(times[2]);
  expect([1, 2, 3, 4].map(() => seen(heap, uploads, few))).toEqual([null, null, null, null]);
});

it("large arrays that come once each, as the parts of a stream, take one place", () => {
  const heap = new Heap(false);
  const uploads = new Uploads(heap);
  const places = [1, 2, 3, 4, 5].map((first) => {
    const found = seen(heap, uploads, large(first));
    expect(found?.first).toBe(first);
    return heap.memory.buffer.byteLength;
  });
  expect(new Set(places).size).toBe(1);
});

it("large arrays that come by turns are all kept after their second time", () => {
  const heap = new Heap(false);
  const uploads = new Uploads(heap);
  const arrays = [1, 2, 3].map(large);
  const rounds = [1, 2, 3].map(() => arrays.map((array) => seen(heap, uploads, array)));
  expect(rounds[2]).toEqual(rounds[1]);
  expect(rounds[2].map((found) => found?.first)).toEqual([1, 2, 3]);
  expect(new Set(rounds[2].map((found) => found?.at)).size).toBe(3);
});

it("what the program about to run uses stays, though it comes for the first time", () => {
  const heap = new Heap(false);
  const uploads = new Uploads(heap);
  const [one, two] = [large(1), large(2)];
  const [a, b] = [uploads.addressOf(one)!, uploads.addressOf(two)!];
  expect(a).not.toBe(b);
  expect([a, b].map((at) => new Float32Array(heap.memory.buffer, at, 1)[0])).toEqual([1, 2]);
});
