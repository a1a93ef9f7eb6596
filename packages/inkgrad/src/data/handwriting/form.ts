/**
 * One way to write a character: pen strokes through points. Coordinates are hundredths of the
 * character's height, x to the right and y down, so that 0 is the top line and 100 the base line.
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
 * `10,8 85,5! 40,100 / 30,50 78,48`.
 */
export function form(
  weight: number,
  masters: readonly string[],
  options: { lean?: number; slant?: number } = {},
): Form {
  return { weight, masters: masters.map(skeletons), ...options };
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
