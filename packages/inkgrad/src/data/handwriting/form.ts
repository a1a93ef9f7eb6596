/**
 * One way to write a character: pen strokes through points. Coordinates are hundredths of its
 * larger side, x to the right and y down, with the middle at (50, 50).
 */
export interface Form {
  /** How often this form is written, against the other forms of its character. */
  readonly weight: number;
  /**
   * The same form at its extremes, with the same strokes and points. What is drawn lies between
   * them, as with the masters of a variable typeface.
   */
  readonly masters: readonly (readonly Skeleton[])[];
  /** Replace those of the style, for characters that lean more than others. */
  readonly lean?: number;
  readonly slant?: number;
}

/** The path of a pen from where it is set down to where it is lifted. */
export interface Skeleton {
  /** x and y of each point in turn. */
  readonly points: Float64Array;
  /** 1 where the path turns sharply, 0 where it goes through smoothly. */
  readonly corners: Uint8Array;
}

/**
 * A form from its masters as text: points `x,y` between spaces, with a `!` behind one that is a
 * corner, and a `/` where the pen is lifted. For example a seven with a bar:
 * `10,8 85,5! 40,100 / 30,50 78,48`. The text may use any unit: all masters are scaled and moved as
 * the first one needs it, so that a small letter varies as much as a large one.
 */
export function form(
  weight: number,
  masters: readonly string[],
  options: { lean?: number; slant?: number } = {},
): Form {
  const read = masters.map(skeletons);
  fit(read);
  return { weight, masters: read, ...options };
}

function skeletons(text: string): Skeleton[] {
  return text.split("/").map((stroke) => {
    const words = stroke.trim().split(/\s+/);
    const numbers = words.flatMap((word) => word.replace("!", "").split(",").map(Number));
    return {
      points: Float64Array.from(numbers),
      corners: Uint8Array.from(words, (word) => (word.endsWith("!") ? 1 : 0)),
    };
  });
}

/** Gives the first master a larger side of 100 and its place, and the others the same change. */
function fit(masters: readonly (readonly Skeleton[])[]): void {
  const [x0, x1] = extent(masters[0], 0);
  const [y0, y1] = extent(masters[0], 1);
  const scale = 100 / Math.max(x1 - x0, y1 - y0);
  for (const { points } of masters.flat()) {
    for (let i = 0; i < points.length; i += 2) {
      points[i] = 50 + scale * (points[i] - (x0 + x1) / 2);
      points[i + 1] = 50 + scale * (points[i + 1] - (y0 + y1) / 2);
    }
  }
}

/** From where to where the points reach along an axis. */
function extent(strokes: readonly Skeleton[], axis: 0 | 1): [min: number, max: number] {
  const all = strokes.flatMap(({ points }) => Array.from(points).filter((_, i) => i % 2 === axis));
  return [Math.min(...all), Math.max(...all)];
}
