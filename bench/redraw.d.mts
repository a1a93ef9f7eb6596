export interface Drawing {
  readonly size: number;
  readonly share: number;
  readonly across: number;
  readonly down: number;
  readonly ink: number;
  readonly paper: number;
  readonly slopeX: number;
  readonly slopeY: number;
  readonly noise: number;
}
export type Random = () => number;
export function randomFrom(seed: number): Random;
export function randomDrawing(
  random: Random,
  options?: {
    readonly sizes?: readonly [number, number];
    readonly noise?: number;
    readonly uneven?: number;
  },
): Drawing;
export function redraw(pixels: ArrayLike<number>, drawing: Drawing, random: Random): Uint8Array;
