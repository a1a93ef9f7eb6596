import type { Geometry } from "../geometry.js";
import { frequencies, tileSize } from "./transforms.js";

/**
 * When to filter minimally instead of summing directly.
 *
 * Errors against f64, inputs uniform in (−1, 1), root mean square relative to that of the result:
 * 5·10⁻⁷ with 16 channels, 6·10⁻⁷ with 32, 8·10⁻⁷ with 64, 1.1·10⁻⁶ with 128, 2·10⁻⁶ with 512; of
 * direct sums 2·10⁻⁷, 3·10⁻⁷ and (128) 3.5·10⁻⁷. The largest error was 5 to 25 ulp of the largest
 * result; of direct sums, 3 to 6. To the kernel: 5·10⁻⁷ at most, 1.2·10⁻⁷ directly.
 */

/**
 * Below these sizes the transforms cost more than the multiplications they save. Measured, one thread,
 * direct against this (ms; to the result, to x, to the kernel), images × places × channels:
 * 32 × 6² × 8 to 8: .035 .059 .037, .044 .055 .059; 32 × 6² × 16 to 16: .105 .189 .123, .083 .087 .133;
 * 32 × 14² × 16 to 16: .55 .72 .58, .38 .38 .48; 8 × 14² × 64 to 64: 2.1 3.3 3.0, 1.3 1.5 2.1;
 * 8 × 14² × 128 to 128: 9.2 12.3 9.8, 4.3 4.4 13.3.
 */
const leastChannels = 16;
const leastPlaces = 6;
/** Sums of a slice of the kernel's gradient that do not displace everything else from the cache. */
const mostSums = 1024 * 1024;
/** Tiles that are worth the transform of those sums. */
const leastTiles = 128;

/** Is minimal filtering faster for the result and for the gradient to x? */
export function isFiltered({
  dtype,
  lines,
  columns,
  channels,
  features,
  groups,
}: Geometry): boolean {
  return (
    dtype === "f32" &&
    groups === 1 &&
    [lines, columns].every(
      ({ window, stride, dilation, out }) =>
        window === 3 && stride === 1 && dilation === 1 && out >= leastPlaces,
    ) &&
    [channels, features].every((n) => n >= leastChannels && n % 4 === 0)
  );
}

/** And for the gradient to the kernel? */
export function isFilteredForWeights(geometry: Geometry): boolean {
  const { images, lines, columns, channels, features } = geometry;
  const tiles = images * Math.ceil(lines.out / tileSize) * Math.ceil(columns.out / tileSize);
  const sums = 4 * frequencies * channels * features;
  return isFiltered(geometry) && sums <= mostSums && tiles >= leastTiles;
}
