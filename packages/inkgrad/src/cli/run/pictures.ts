import { type Dataset, subset } from "../../data/dataset.js";
import type { Grey } from "../output/pictures.js";

/** Pictures [n, h, w, c] of some rows, in grey, 0 … 255. */
export async function picturesOf(data: Dataset, rows: readonly number[]): Promise<Grey[]> {
  if (rows.length === 0) return [];
  const [, height, width, channels] = data.x.shape;
  const values = (await subset(data, rows).x.data()) as unknown as ArrayLike<number>;
  const size = height * width;
  return rows.map((_, i) => {
    const pixels = Uint8Array.from({ length: size }, (_, p) => {
      const from = (i * size + p) * channels;
      if (channels < 3) return values[from];
      return 0.299 * values[from] + 0.587 * values[from + 1] + 0.114 * values[from + 2];
    });
    return { pixels, height, width };
  });
}
