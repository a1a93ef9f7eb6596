// The first example of the README, printing what it does. Run it with `npm start`.
import { grad, tensor } from "inkgrad";

console.log("A function of two numbers: f(x, y) = x·y + sin x");
const f = (x, y) => x.mul(y).add(x.sin());
const [dx, dy] = grad(f, [0, 1])(tensor(2), tensor(3));
console.log(`  f(2, 3)                = ${f(tensor(2), tensor(3)).item()}`);
console.log(
  `  df/dx = y + cos x      = ${dx.item()}   (3 + cos 2 is ${3 + Math.cos(2)}; f32 has 7 digits)`,
);
console.log(`  df/dy = x              = ${dy.item()}`);

console.log("A product of two matrices: [[1, 2, 3], [4, 5, 6]] times [[1], [0], [2]]");
const product = tensor([
  [1, 2, 3],
  [4, 5, 6],
]).matmul(tensor([[1], [0], [2]]));
console.log(`  = ${JSON.stringify(product.toArray())}`);
console.log(
  "This was examples/first-steps.mjs. Go on with docs/tensors-and-gradients-from-nothing.md.",
);
