import type { FunctionBuilder, Local } from "../../assembler/function.js";

/**
 * The places of all images, cut into regions: blocks of lines, or of the columns of one line where
 * lines are long. Regions are equally large but for the last ones of an image.
 */
export interface Regions {
  readonly images: number;
  readonly lines: number;
  readonly columns: number;
  /** Lines and columns of a region. */
  readonly high: number;
  readonly wide: number;
  /** Regions below and beside each other in an image. */
  readonly down: number;
  readonly across: number;
  readonly count: number;
}

const evenly = (length: number, most: number): number =>
  Math.ceil(length / Math.ceil(length / Math.max(1, most)));

/** Regions of about `places` places. */
export function cutPlaces(images: number, lines: number, columns: number, places: number): Regions {
  const wide = columns > 2 * places ? evenly(columns, places) : columns;
  const high = wide < columns ? 1 : evenly(lines, Math.round(places / columns));
  const [down, across] = [Math.ceil(lines / high), Math.ceil(columns / wide)];
  return { images, lines, columns, high, wide, down, across, count: images * down * across };
}

/** Where a region is: image, first line, first column. */
export interface Place {
  readonly image: Local;
  readonly line: Local;
  readonly column: Local;
}

/** Writes `body` for a region given by its number, once for each size that regions have. */
export function inRegion(
  f: FunctionBuilder,
  { lines, columns, high, wide, down, across }: Regions,
  region: Local,
  body: (place: Place, high: number, wide: number) => void,
): void {
  const [image, line, column] = f.locals(3, "i32");
  f.get(region).i32(across).op("i32.rem_u").times(wide).set(column);
  f.get(region).i32(across).op("i32.div_u").set(image);
  f.get(image).i32(down).op("i32.rem_u").times(high).set(line);
  f.get(image).i32(down).op("i32.div_u").set(image);
  const place = { image, line, column };
  const [lastHigh, lastWide] = [lines - (down - 1) * high, columns - (across - 1) * wide];
  const last = (at: Local, first: number, yes: () => void, no: () => void): void => {
    f.get(at).i32(first).op("i32.eq").if(yes, no);
  };
  if (lastHigh !== high)
    last(
      line,
      lines - lastHigh,
      () => {
        body(place, lastHigh, wide);
      },
      () => {
        body(place, high, wide);
      },
    );
  else if (lastWide !== wide)
    last(
      column,
      columns - lastWide,
      () => {
        body(place, high, lastWide);
      },
      () => {
        body(place, high, wide);
      },
    );
  else body(place, high, wide);
  f.release(image, line, column);
}
