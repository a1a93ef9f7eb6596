import { drawInk, type InkPoint, type Stroke, usualWidth } from "./ink.js";

/** The square that is drawn on. */

export interface Pad {
  readonly strokes: readonly Stroke[];
  /** No stroke is under way. */
  readonly resting: boolean;
  /** Takes the last stroke away. */
  undo(): void;
  /** Puts other strokes in the place of those that are there. */
  replace(strokes: readonly Stroke[]): void;
}

/**
 * Lets mouse, pen or finger draw on a canvas.
 *
 * @param changed  called whenever there is other ink, and when a stroke ends
 */
export function drawingPad(canvas: HTMLCanvasElement, changed: () => void): Pad {
  const context = canvas.getContext("2d")!;
  let strokes: Stroke[] = [];
  let current: { readonly pointer: number; readonly points: InkPoint[] } | null = null;

  const pad: Pad = {
    get strokes() {
      return strokes;
    },
    get resting() {
      return current === null;
    },
    undo: () => pad.replace(strokes.slice(0, -1)),
    replace(others) {
      current = null;
      strokes = [...others];
      show();
      changed();
    },
  };

  function show(): void {
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = getComputedStyle(canvas).color;
    drawInk(context, strokes, canvas.width);
  }

  function add(event: PointerEvent): void {
    // A pen reports more often than the page is drawn; not every browser tells.
    const events = event.type === "pointermove" ? (event.getCoalescedEvents?.() ?? []) : [];
    for (const each of events.length > 0 ? events : [event])
      current?.points.push(pointOf(each, canvas));
    show();
    changed();
  }

  canvas.addEventListener("pointerdown", (event) => {
    // One pointer at a time, and of a mouse the main button only.
    if (current !== null || event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    current = { pointer: event.pointerId, points: [] };
    strokes.push(current.points);
    add(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId === current?.pointer) add(event);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const)
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== current?.pointer) return;
      current = null;
      changed();
    });

  new ResizeObserver(() => {
    canvas.width = canvas.height = Math.round(canvas.clientWidth * devicePixelRatio);
    show();
  }).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  return pad;
}

function pointOf(event: PointerEvent, canvas: HTMLCanvasElement): InkPoint {
  const box = canvas.getBoundingClientRect();
  // Others than pens report no pressure, or always the same.
  const share = event.pointerType === "pen" ? 0.4 + 1.2 * event.pressure : 1;
  return {
    x: (event.clientX - box.left - canvas.clientLeft) / canvas.clientWidth,
    y: (event.clientY - box.top - canvas.clientTop) / canvas.clientHeight,
    width: usualWidth * share,
  };
}
