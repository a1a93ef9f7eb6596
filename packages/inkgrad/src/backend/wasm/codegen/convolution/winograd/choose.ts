import type { Geometry } from "../geometry.js";

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
