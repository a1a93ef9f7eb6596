// The Hessian of a loss, and what its conditioning means for gradient descent.
//
// The Hessian is the matrix of second derivatives: how fast the slope changes in each direction. Its
// eigenvalues are the curvatures along its eigenvectors. A step of gradient descent multiplies the
// distance from the minimum, along an eigenvector of curvature λ, by 1 - rate · λ. So the rate must be
// below 2 / λmax, or the steepest direction explodes; and at such a rate the flattest one, λmin, creeps.
// With the best rate, 2 / (λmax + λmin), the error shrinks by (κ - 1) / (κ + 1) at each step, where
// κ = λmax / λmin is the condition number: steps grow in proportion to κ. Features of different scale are
// the usual cause of a large κ, and standardising them the cure; Newton's method, which divides by the
// Hessian, does not see κ at all.
import { compile, concat, eigh, grad, hessian, hvp, random, solve, tensor } from "inkgrad";
import { preprocessing } from "inkgrad/learn";
import { curves, lossSurface } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const f64 = { dtype: "f64" };
const zero = tensor([[0], [0]], f64);

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Curvatures of a loss, and how many steps of gradient descent they cost.");
  const n = small ? 60 : 500;
  const [a, b, c] = random.split(random.key(4), 3);
  // Rooms and square metres of flats, less their means: the second varies much more than the first.
  const rooms = random.normal(a, [n, 1], f64);
  const area = rooms.mul(15).add(random.normal(b, [n, 1], f64).mul(10));
  const noise = random.normal(c, [n, 1], f64).mul(0.3);
  const price = rooms.add(area.mul(0.05)).add(noise);
  const raw = concat([rooms, area], 1);
  const scaled = (await preprocessing.standardScaler().fit(raw)).transform(raw);
  const studies = [study("as measured", raw, price), study("standardised", scaled, price)];
  print(
    "\nSquared error of a linear model of two features (steps until the loss is within a millionth",
  );
  print("of the way to its least, with the best rate; foretold by κ alone):");
  print(
    table(
      ["features", "λmax", "λmin", "κ", "steps foretold", "steps", "Newton's steps"],
      studies.map((s) => [s.name, s.most, s.least, s.kappa, s.foretold, s.steps, s.newton]),
    ),
  );

  const [{ loss, most }] = studies;
  const factors = [1.9, 2.1].map((share) => {
    const path = descend(loss, share / most, 60);
    return { share, growth: path.at(-1).value / path[0].value };
  });
  print(
    "\nThe loss after 60 steps, as a multiple of the first, on either side of the rate 2 / λmax:",
  );
  print(
    table(
      ["rate · λmax", "loss"],
      factors.map(({ share, growth }) => [share, growth]),
    ),
  );

  // Multiplied by the Hessian again and again, any vector turns to the steepest direction.
  let direction = tensor([[1], [1]], f64);
  for (let round = 0; round < 20; round++) {
    const product = hvp(loss, zero, direction);
    direction = product.div(product.square().sum().sqrt());
  }
  const byProducts = hvp(loss, zero, direction).mul(direction).sum().item();
  print(
    `\nλmax from products of the Hessian with a vector, no matrix formed: ${byProducts.toFixed(4)}`,
  );

  await plot(
    "steps",
    curves(Object.fromEntries(studies.map((s) => [s.name, s.path.map(({ share }) => share)])), {
      ...{ x: "step", y: "loss above the least", xScale: "log", yScale: "log" },
    }),
  );
  for (const s of studies)
    await plot(`surface-${s.name.replace(" ", "-")}`, surface(s, small ? 12 : 50));
  const figures = studies.map(({ most, least, kappa, foretold, steps, newton }) => ({
    ...{ most, least, kappa, foretold, steps, newton },
  }));
  return { studies: figures, factors, byProducts };
}

/** The mean squared error of x · w, its curvatures, and the ways to its minimum. */
function study(name, x, y) {
  const loss = (w) => x.matmul(w).sub(y).square().mean().div(2);
  const H = hessian(loss)(zero).reshape([2, 2]);
  const [least, most] = eigh(H)[0].toArray();
  const kappa = most / least;
  const best = zero.sub(solve(H, grad(loss)(zero)));
  const bottom = loss(best).item();
  const share = (value) => (value - bottom) / (loss(zero).item() - bottom);

  const foretold = Math.ceil(Math.log(1e-6) / (2 * Math.log((kappa - 1) / (kappa + 1))));
  const path = descend(loss, 2 / (most + least), foretold).map((p) => ({
    ...p,
    share: share(p.value),
  }));
  const steps = path.findIndex(({ share }) => share < 1e-6);
  let [w, newton] = [zero, 0];
  for (; share(loss(w).item()) >= 1e-6; newton++) w = w.sub(solve(H, grad(loss)(w)));
  return { name, loss, best, path, most, least, kappa, foretold, steps, newton };
}

/** Gradient descent from 0: where it was, and the loss there. */
function descend(loss, rate, steps) {
  const step = compile((w) => ({ value: loss(w), next: w.sub(grad(loss)(w).mul(rate)) }));
  const path = [];
  for (let w = zero; path.length <= steps;) {
    const { value, next } = step(w);
    path.push({ at: w.toArray().flat(), value: value.item() });
    w = next;
  }
  return path;
}

/** The loss around its minimum, and 40 steps of a rate that just does not explode. */
function surface({ loss, best, most }, resolution) {
  const path = descend(loss, 1.8 / most, 40).map(({ at: [x, y] }) => ({ x, y }));
  const [bestX, bestY] = best.toArray().flat();
  const range = (ends) => {
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    return [low - 0.4 * (high - low), high + 0.4 * (high - low)];
  };
  return lossSurface((u, v) => loss(tensor([[u], [v]], f64)).item(), {
    x: range([bestX, ...path.map(({ x }) => x)]),
    y: range([bestY, ...path.map(({ y }) => y)]),
    paths: { "gradient descent": path },
    resolution,
  });
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
