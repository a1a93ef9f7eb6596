/**
 * Depth of library calls in progress. Tensors made inside one are intermediate: nobody but the
 * call holds them, so their values need not be kept when its result is evaluated.
 */
let depth = 0;

export const inScope = (): boolean => depth > 0;

/** Runs `f` with every tensor made in it counted as intermediate. */
export function scoped<R>(f: () => R): R {
  depth++;
  try {
    return f();
  } finally {
    depth--;
  }
}
