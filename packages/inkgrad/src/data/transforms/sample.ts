import { take } from "../../tensor/functions/take.js";
import { arange } from "../../tensor/functions/range.js";
import type { Tensor } from "../../tensor/tensor.js";
import { asFloat } from "./images.js";

/**
 * The images at places between their pixels, bilinear. The centre of the pixel in row i and column j
 * is at y = i, x = j; whatever lies outside of the image has the value `fill`. Gradients flow to the
 * images and to the places.
 *
 * @param images  [n, h, w, c]
 * @param y       [n, oh, ow] rows
 * @param x       [n, oh, ow] columns
 * @returns       [n, oh, ow, c], floats
 * @source PyTorch `grid_sample` with padding_mode "zeros", in pixels
 */
export function sample(images: Tensor, y: Tensor, x: Tensor, fill = 0): Tensor {
  const [n, h, w, c] = images.shape;
  // One row and column of `fill` before and two after: held within them, a place and its neighbours
  // always exist.
  const padded = asFloat(images).pad(
    [
      [0, 0],
      [1, 2],
      [1, 2],
      [0, 0],
    ],
    fill,
  );
  const [height, width] = [h + 3, w + 3];
  const [top, above] = split(y, h);
  const [left, before] = split(x, w);
  const image = arange(n, { dtype: "i32" })
    .mul(height * width)
    .reshape([n, 1, 1]);
  const first = top.cast("i32").mul(width).add(left.cast("i32")).add(image);
  const pixels = padded.reshape([n * height * width, c]);
  const at = (offset: number): Tensor => take(pixels, first.add(offset), 0);
  const [fx, fy] = [before.expandDims(-1), above.expandDims(-1)];
  const upper = mixed(at(0), at(1), fx);
  return mixed(upper, mixed(at(width), at(width + 1), fx), fy);
}

/** Place in the padded image: the pixel before it, and how far it is from that. */
function split(place: Tensor, size: number): [Tensor, Tensor] {
  const inside = asFloat(place)
    .add(1)
    .clip(0, size + 1);
  const whole = inside.floor();
  return [whole, inside.sub(whole)];
}

const mixed = (a: Tensor, b: Tensor, share: Tensor): Tensor => a.add(b.sub(a).mul(share));
