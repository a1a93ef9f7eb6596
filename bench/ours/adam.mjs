/**
 * Adam: m ← m + (1 − β₁)(g − m), v ← v + (1 − β₂)(g² − v), p ← p − r · m̂ / (√v̂ + ε), where
 * m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).
 * @source Kingma & Ba, arXiv:1412.6980
 */
import { full, tensor, zerosLike } from "../../packages/inkgrad/dist/index.js";

const [rate, decay1, decay2, epsilon] = [1e-3, 0.9, 0.999, 1e-8];

/** Applies f to the tensors of trees of one form: here, lists of objects. */
const map = (f, ...trees) =>
  trees[0].map((layer, i) =>
    Object.fromEntries(
      Object.keys(layer).map((name) => [name, f(...trees.map((t) => t[i][name]))]),
    ),
  );

export const adam = {
  init: (params) => ({
    m: map(zerosLike, params),
    v: map(zerosLike, params),
    step: tensor(0, { dtype: "i32" }),
  }),

  update(params, gradient, state) {
    const step = state.step.add(1);
    const t = step.cast("f32");
    const m = map((m, g) => m.add(g.sub(m).mul(1 - decay1)), state.m, gradient);
    const v = map(
      (v, g) =>
        v.add(
          g
            .square()
            .sub(v)
            .mul(1 - decay2),
        ),
      state.v,
      gradient,
    );
    const correction1 = full([], decay1).pow(t).neg().add(1);
    const correction2 = full([], decay2).pow(t).neg().add(1);
    const next = map(
      (p, m, v) => p.sub(m.div(correction1).div(v.div(correction2).sqrt().add(epsilon)).mul(rate)),
      params,
      m,
      v,
    );
    return { params: next, state: { m, v, step } };
  },
};
