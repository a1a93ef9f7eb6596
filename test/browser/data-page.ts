import { random } from "inkgrad";
import { DataLoader, transforms } from "inkgrad/data";

/** What the page lets the test call. */

export interface Loaded {
  readonly rows: readonly number[];
  readonly x: readonly (readonly number[])[];
  /** What went wrong, if anything did. */
  readonly error: string | null;
}

/** Batches that workers make, shuffled, as numbers. */
export async function load(module: string, failAt: number): Promise<Loaded> {
  const source = { length: 10, getBatch: { module, export: "squares", options: { failAt } } };
  const options = { batchSize: 4, workers: 2, shuffle: true, key: random.key(3) };
  const loader = new DataLoader(source, options);
  const rows: number[] = [];
  const x: number[][] = [];
  let error: string | null = null;
  try {
    for await (const batch of loader.epoch(1)) {
      rows.push(...batch.rows);
      x.push(...(batch.x.toArray() as number[][]));
    }
  } catch (thrown) {
    error = String(thrown);
  }
  await loader.close();
  return { rows, x, error };
}

/** Images, distorted at random. */
export async function distort(): Promise<number[]> {
  const images = random.uniform(random.key(0), [4, 12, 12, 1]);
  const warp = transforms.randomWarp({
    rotate: 20,
    translate: 2,
    elastic: { alpha: 20, sigma: 3 },
  });
  return Array.from(await warp(images, random.key(1)).data());
}

Object.assign(globalThis, { load, distort });
