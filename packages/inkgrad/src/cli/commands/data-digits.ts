import { lengthOf, png } from "../../data/index.js";
import { tensor } from "../../tensor/functions/create.js";
import { count } from "../output/format.js";
import type { Output } from "../output/output.js";
import { loadDigits } from "../run/data.js";

export interface DataDigitsOptions {
  readonly data?: string;
  readonly sample?: string;
  readonly count?: number;
}

/** `inkgrad data digits`: what there is, and a sheet of it. */
export async function dataDigits(
  { data, sample, count: columns = 20 }: DataDigitsOptions,
  output: Output,
): Promise<void> {
  const limit = data === "generated" ? 40 * columns : undefined;
  const { id, about, train, test, classes } = await loadDigits({ data, limit }, output);
  output.say(about);
  if (sample !== undefined) {
    const x = (await train.x.data()) as unknown as Uint8Array;
    const y = (await train.y.data()) as unknown as Uint8Array;
    await png.write(sample, sheet(x, y, classes.length, columns));
    output.say(`${sample}: the first ${columns} of each class, a row for each`);
  }
  output.result({
    dataset: id,
    trainImages: lengthOf(train),
    testImages: lengthOf(test),
    perClass: await perClass(train.y.data() as unknown as Promise<Uint8Array>, classes),
    sample: sample ?? null,
  });
  output.say(`${count(lengthOf(train))} training images of ${classes.length} classes`);
}

async function perClass(
  labels: Promise<Uint8Array>,
  classes: readonly string[],
): Promise<Record<string, number>> {
  const counts = classes.map(() => 0);
  for (const label of await labels) counts[label]++;
  return Object.fromEntries(classes.map((name, c) => [name, counts[c]]));
}

const side = 28;
/** Pixels between pictures. */
const gap = 2;

/** The first pictures of each class, a row for each: [height, width, 1] u8. */
function sheet(x: Uint8Array, y: Uint8Array, classes: number, columns: number) {
  const [width, height] = [columns, classes].map((n) => n * (side + gap) + gap);
  const out = new Uint8Array(width * height).fill(64);
  const filled = new Array<number>(classes).fill(0);
  for (let i = 0; i < y.length; i++) {
    const column = filled[y[i]];
    if (column === columns) continue;
    filled[y[i]]++;
    const at = (gap + y[i] * (side + gap)) * width + gap + column * (side + gap);
    for (let row = 0; row < side; row++)
      out.set(x.subarray(i * 784 + row * side, i * 784 + (row + 1) * side), at + row * width);
  }
  return tensor(out, { shape: [height, width, 1] });
}
