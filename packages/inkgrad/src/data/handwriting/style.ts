/**
 * How much handwriting varies. Lengths of `jitter`, `shift` and `elastic` are hundredths of the
 * character's larger side, pen widths are pixels of a picture of 28; a "spread" is a standard deviation.
 */
export interface Style {
  /** Spread of every point of a skeleton, each by itself. */
  readonly jitter: number;
  /** Spread of whole strokes against each other. */
  readonly shift: number;
  /** Spread of the smooth distortion of the plane. */
  readonly elastic: number;
  /** Mean of the slant: how far the top leans right, in heights. */
  readonly lean: number;
  /** Spread of the slant. */
  readonly slant: number;
  /** Spread of the rotation, in radians. */
  readonly rotation: number;
  /** Mean of the width against the skeleton's. */
  readonly width: number;
  /** Spread of the width, as a share. */
  readonly aspect: number;
  /** The thinnest pen, and the spread of what comes on top. */
  readonly thinnest: number;
  readonly thickness: number;
  /** Spread of the pen's width along a stroke, as a share. */
  readonly pressure: number;
  /** Up to how much wider a broad nib writes in one direction than in the other, as a share. */
  readonly nib: number;
  /** How many pixels the edge of a stroke takes to fade, at least and at most. */
  readonly softness: readonly [number, number];
  /** Spread by which strokes begin and end early or late. */
  readonly ends: number;
}

/** Tuned on the training images of MNIST (docs/handwriting.md). */
export const standardStyle: Style = {
  jitter: 3.6,
  shift: 2.5,
  elastic: 8,
  lean: 0.1,
  slant: 0.24,
  rotation: 0.14,
  width: 0.94,
  aspect: 0.16,
  thinnest: 0.78,
  thickness: 0.5,
  pressure: 0.14,
  nib: 0.3,
  softness: [0.9, 1.5],
  ends: 8,
};
