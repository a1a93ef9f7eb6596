/**
 * Small squares of weights as an SVG, side by side: red where a filter wants ink, blue where it wants none.
 *
 * @param pictures     { title, weights }: weights are rows of numbers
 * @param description  for those who cannot see it
 */
export function filterPictures(pictures, description) {
  const [cell, gap, perRow] = [12, 16, 4];
  const side = cell * pictures[0].weights.length;
  const rows = Math.ceil(pictures.length / perRow);
  const [width, height] = [gap + perRow * (side + gap), rows * (side + 2 * gap) + gap];
  const pixel = (x, y, share) =>
    `<rect x="${x}" y="${y}" width="${cell}" height="${cell}" fill="${colour(share)}"/>`;
  const squares = pictures.map(({ title, weights }, i) => {
    const [x, y] = [
      gap + (i % perRow) * (side + gap),
      gap + Math.floor(i / perRow) * (side + 2 * gap),
    ];
    const most = Math.max(...weights.flat().map(Math.abs), Number.MIN_VALUE);
    const pixels = weights.flatMap((row, r) =>
      row.map((weight, c) => pixel(x + c * cell, y + r * cell, weight / most)),
    );
    return `${pixels.join("")}<text x="${x}" y="${y + side + 12}" font-size="11" font-family="sans-serif">${title}</text>`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `role="img" aria-label="${description}"><rect width="${width}" height="${height}" fill="#ffffff"/>${squares.join("")}</svg>`
  );
}

/** From blue (-1) over white (0) to red (1). */
function colour(share) {
  const pale = Math.round(255 * (1 - Math.abs(share)));
  return share > 0 ? `rgb(255,${pale},${pale})` : `rgb(${pale},${pale},255)`;
}
