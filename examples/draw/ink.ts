/** Strokes, and how they are drawn. */

/** A point of a stroke, in a square from 0 to 1; `width` is the pen's. */
export interface InkPoint {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export type Stroke = readonly InkPoint[];

/** Width of a pen that does not tell its pressure: about a tenth of a digit, as in MNIST. */
export const usualWidth = 0.065;

/** Draws strokes into a square of so many pixels, as curves through the middles between points. */
export function drawInk(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  side: number,
): void {
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of strokes) drawStroke(context, stroke, side);
}

function drawStroke(context: CanvasRenderingContext2D, stroke: Stroke, side: number): void {
  let from = stroke[0];
  stroke.forEach((point, i) => {
    const next = stroke[i + 1] ?? point;
    const to = i === stroke.length - 1 ? point : middle(point, next);
    context.beginPath();
    context.lineWidth = ((from.width + to.width) / 2) * side;
    context.moveTo(from.x * side, from.y * side);
    // A stroke of a single point becomes a dot: the round cap of a line without length.
    context.quadraticCurveTo(point.x * side, point.y * side, to.x * side, to.y * side);
    context.stroke();
    from = to;
  });
}

const middle = (a: InkPoint, b: InkPoint): InkPoint => ({
  x: (a.x + b.x) / 2,
  y: (a.y + b.y) / 2,
  width: (a.width + b.width) / 2,
});

/** Side of the picture that is read: enough for smooth edges, and quick to go through. */
const side = 200;

/** Makes pictures of strokes for the model: dark on light, whatever colours the page has. */
export function inkCamera(): (strokes: readonly Stroke[]) => Uint8Array {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.strokeStyle = "black";
  return (strokes) => {
    context.fillStyle = "white";
    context.fillRect(0, 0, side, side);
    drawInk(context, strokes, side);
    const { data } = context.getImageData(0, 0, side, side);
    return Uint8Array.from({ length: side * side }, (_, i) => data[4 * i]);
  };
}
