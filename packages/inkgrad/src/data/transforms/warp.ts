import { ValueError } from "../../base/errors.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Affine, affinePlaces } from "./affine.js";
import { elasticField, type ElasticOptions } from "./elastic.js";
import { draws, interval, onImagesWith, within } from "./images.js";
import { sample } from "./sample.js";
import type { Interval, Transform } from "./types.js";

/** Within what limits each image is drawn its own parameters, all uniform; what is left out stays. */
export interface RandomAffineOptions {
  /** Degrees: a limit to both sides, or [least, most], counterclockwise. */
  readonly rotate?: number | Interval;
  /** How many times as large: 0.1 stands for [0.9, 1.1]. */
  readonly scale?: number | Interval;
  /** Width over height, as a factor: 0.1 stands for [0.9, 1.1]; the area stays. */
  readonly aspect?: number | Interval;
  /** Degrees by which upright lines lean to the right. */
  readonly shear?: number | Interval;
  /** Pixels: a limit to all sides, or limits across and down. */
  readonly translate?: number | readonly [x: number | Interval, y: number | Interval];
  /** What lies outside the image (default 0). */
  readonly fill?: number;
}

export interface RandomWarpOptions extends RandomAffineOptions {
  /** The rubber sheet's pull, besides. */
  readonly elastic?: ElasticOptions;
}

/**
 * Images that are rotated, scaled, sheared, moved and pulled like rubber at random, in one
 * resampling (bilinear), which blurs only once. The pull acts where the result's pixel is looked up.
 *
 * @returns  from images [n, h, w, c] or [h, w, c], floats of the same shape
 * @throws ValueError  for limits that make no sense
 */
export function randomWarp(options: RandomWarpOptions): Transform {
  return warp("randomWarp", options);
}

/** As `randomWarp`, without the elastic part. */
export const randomAffine = (options: RandomAffineOptions): Transform =>
  warp("randomAffine", options);

/** Images turned by up to so many degrees to either side. @see randomWarp */
export const randomRotation = (degrees: number | Interval, fill = 0): Transform =>
  warp("randomRotation", { rotate: degrees, fill });

/** Images moved by up to so many pixels to all sides. @see randomWarp */
export const randomTranslation = (
  pixels: number | readonly [x: number | Interval, y: number | Interval],
  fill = 0,
): Transform => warp("randomTranslation", { translate: pixels, fill });

/** Images whose upright lines lean by up to so many degrees. @see randomWarp */
export const randomShear = (degrees: number | Interval, fill = 0): Transform =>
  warp("randomShear", { shear: degrees, fill });

/** Images enlarged or made smaller about their centre: 0.1 for 0.9 to 1.1 times. @see randomWarp */
export const randomZoom = (scale: number | Interval, fill = 0): Transform =>
  warp("randomZoom", { scale, fill });

/** Images pulled like rubber. @see elasticField for the formula and its source */
export const elasticDistortion = (options: ElasticOptions, fill = 0): Transform =>
  warp("elasticDistortion", { elastic: options, fill });

function warp(op: string, options: RandomWarpOptions): Transform {
  const { elastic, fill = 0 } = options;
  const draw = parametersOf(op, options);
  return (images, key) =>
    onImagesWith(op, images, key, (batch, own) => {
      const { shape } = batch;
      let [y, x] = affinePlaces(shape, draw(draws(own, shape[0], 6)));
      if (elastic !== undefined) {
        const [dy, dx] = elasticField(foldIn(own, 0), shape, elastic);
        [y, x] = [y.add(dy), x.add(dx)];
      }
      return sample(batch, y, x, fill);
    });
}

/** Checked once; then parameters from six numbers in [0, 1) for each image. */
function parametersOf(op: string, options: RandomAffineOptions): (u: readonly Tensor[]) => Affine {
  const { translate = 0 } = options;
  const [tx, ty] = (Array.isArray(translate) ? translate : [translate, translate]) as readonly (
    number | Interval
  )[];
  const turn = interval(options.rotate ?? 0, op, "rotate");
  const lean = interval(options.shear ?? 0, op, "shear", 0, -90);
  if (lean[1] >= 90) throw new ValueError(`${op}: shear must stay below 90 degrees`);
  const size = interval(options.scale ?? 0, op, "scale", 1, 0);
  const aspect = interval(options.aspect ?? 0, op, "aspect", 1, 0);
  const [across, down] = [interval(tx, op, "translate"), interval(ty, op, "translate")];
  return (u) => {
    const s = within(u[2], size);
    const stretch = within(u[3], aspect).sqrt();
    return {
      rotate: within(u[0], turn),
      shear: within(u[1], lean),
      scale: [s.mul(stretch), s.div(stretch)],
      translate: [within(u[4], across), within(u[5], down)],
    };
  };
}
