import { expect, it } from "vitest";
import { setDeterministic, setWideVectors, type Tensor, tensor } from "inkgrad";

const wave = (n: number): Tensor => tensor(Float32Array.from({ length: n }, (_, i) => Math.sin(i)));

it("wide vectors give the bits of narrow ones, where the engine has them", () => {
  const [x, y] = [wave(130 * 70).reshape([130, 70]), wave(70 * 90).reshape([70, 90])];
  const product = (): unknown => x.matmul(y).add(0).toArray();
  setDeterministic(true);
  const narrow = product();
  const inUse = setWideVectors(true);
  // V8 can make 256-bit instructions of pairs of vectors from Node 24 on, behind a flag.
  if (Number(process.versions.node.split(".")[0]) < 24) expect(inUse).toBe(false);
  const again = product();
  expect(setWideVectors(false)).toBe(false);
  setDeterministic(false);
  expect(again).toEqual(narrow);
});
