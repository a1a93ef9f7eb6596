import type { Geometry } from "../geometry.js";

/**
 * When to filter minimally instead of summing directly.
 *
 * Errors against f64, inputs uniform in (−1, 1), root mean square relative to that of the result:
 * 5·10⁻⁷ with 16 channels, 6·10⁻⁷ with 32, 8·10⁻⁷ with 64, 1.1·10⁻⁶ with 128, 2·10⁻⁶ with 512; of
 * direct sums 2·10⁻⁷, 3·10⁻⁷ and (128) 3.5·10⁻⁷. The largest error was 5 to 25 ulp of the largest
 * result; of direct sums, 3 to 6. To the kernel: 5·10⁻⁷ at most, 1.2·10⁻⁷ directly.
 */

/** Below these sizes the transforms cost more than the multiplications they save. */
const leastChannels = 16;
const leastPlaces = 6;
/** Sums of a slice of the kernel's gradient that do not displace everything else from the cache. */
const mostSums = 1024 * 1024;

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
export const isFilteredForWeights = (geometry: Geometry): boolean =>
  isFiltered(geometry) && 36 * 4 * geometry.channels * geometry.features <= mostSums;
