// Draws MNIST's digits again as a camera or a drawing program might give them: of any size, in either
// polarity, off centre, on grey and uneven paper, with a little noise.

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How a digit is drawn again, at random: sizes from 20 to 400 pixels, each octave alike. */
export function randomDrawing(random, { sizes = [20, 400], noise = 3, uneven = 25 } = {}) {
  const size = Math.round(sizes[0] * (sizes[1] / sizes[0]) ** random());
  const inkLight = random() < 0.5;
  const grey = 30 + 80 * random();
  const contrast = 90 + (225 - grey) * random() * 0.6;
  const dark = grey;
  const light = Math.min(dark + contrast, 250);
  return {
    size,
    // The box of 20 pixels takes so much of the picture.
    share: 0.6 + 0.3 * random(),
    across: random(),
    down: random(),
    ink: inkLight ? light : dark,
    paper: inkLight ? dark : light,
    slopeX: uneven * (2 * random() - 1),
    slopeY: uneven * (2 * random() - 1),
    noise: noise * random(),
  };
}

/**
 * @param pixels  28 × 28 bytes, light on black
 * @returns       size × size bytes
 */
export function redraw(pixels, drawing, random) {
  const { size, share, across, down, ink, paper, slopeX, slopeY, noise } = drawing;
  const box = boxOf(pixels);
  const scale = (size * share) / 20;
  // Anywhere within the picture, at a fraction of a pixel.
  const room = (from, to) => size - (to - from) * scale;
  const left = room(box.left, box.right) * across - box.left * scale;
  const top = room(box.top, box.bottom) * down - box.top * scale;
  const columns = weights(size, left, scale);
  const rows = weights(size, top, scale);
  const between = new Float64Array(28 * size);
  for (let y = 0; y < 28; y++)
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (const [from, share] of columns[x]) sum += share * pixels[y * 28 + from];
      between[y * size + x] = sum;
    }
  const out = new Uint8Array(size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (const [from, share] of rows[y]) sum += share * between[from * size + x];
      const covered = Math.min(Math.max(sum / 255, 0), 1);
      const light = slopeX * (x / size - 0.5) + slopeY * (y / size - 0.5);
      const grain = noise * (random() + random() + random() - 1.5) * 2;
      const value = paper + (ink - paper) * covered + light + grain;
      out[y * size + x] = Math.min(Math.max(Math.round(value), 0), 255);
    }
  return out;
}

function boxOf(pixels) {
  let [top, left, bottom, right] = [28, 28, 0, 0];
  for (let i = 0; i < 784; i++) {
    if (pixels[i] === 0) continue;
    const [y, x] = [Math.floor(i / 28), i % 28];
    [top, left] = [Math.min(top, y), Math.min(left, x)];
    [bottom, right] = [Math.max(bottom, y + 1), Math.max(right, x + 1)];
  }
  return { top, left, bottom, right };
}

/** Catmull–Rom between old pixels, averaged over the area of each new one. */
function weights(size, offset, scale) {
  const points = scale < 1 ? 8 : 4;
  return Array.from({ length: size }, (_, i) => {
    const sums = new Map();
    for (let k = 0; k < points; k++) {
      const at = (i + (k + 0.5) / points - offset) / scale - 0.5;
      const first = Math.floor(at) - 1;
      for (let j = first; j < first + 4; j++)
        if (j >= 0 && j < 28) sums.set(j, (sums.get(j) ?? 0) + cubic(at - j) / points);
    }
    return [...sums];
  });
}

function cubic(distance) {
  const d = Math.abs(distance);
  if (d < 1) return 1.5 * d ** 3 - 2.5 * d ** 2 + 1;
  return d < 2 ? -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2 : 0;
}
