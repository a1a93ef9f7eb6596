import type { Loss } from "./loss.js";

/** ½(z − y)², and z − y. */
export const squared: Loss = {
  name: "squared",
  forward(z, y) {
    const residual = z.sub(y.reshape(z.shape as never) as never);
    return { loss: residual.square().mul(0.5).reshape([-1]), residual };
  },
  row(z, at, _outputs, y) {
    z[at] -= y;
    return 0.5 * z[at] * z[at];
  },
  curvature: () => 1,
};
