import { random, valueAndGrad, zeros } from "inkgrad";

const [features, hidden, classes, examples] = [20, 37, 10, 50];
const rate = 0.3;

/** A small classifier trained for some steps: every loss, and the parameters at the end. */
export async function train(steps: number): Promise<Record<string, ArrayLike<number>>> {
  const [forX, forLabels, first, second] = random.split(random.key(7), 4);
  const x = random.normal(forX, [examples, features]);
  const labels = random.integers(forLabels, [examples], { max: classes }).oneHot(classes);
  let parameters = {
    w1: random.normal(first, [features, hidden]).mul(0.2),
    b1: zeros([hidden]),
    w2: random.normal(second, [hidden, classes]).mul(0.2),
    b2: zeros([classes]),
  };
  const loss = valueAndGrad(({ w1, b1, w2, b2 }: typeof parameters) => {
    const logits = x.matmul(w1).add(b1).tanh().matmul(w2).add(b2);
    return logits.logSoftmax(-1).mul(labels).sum(-1).mean().neg();
  });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const [value, slopes] = loss(parameters);
    parameters = {
      w1: parameters.w1.sub(slopes.w1.mul(rate)),
      b1: parameters.b1.sub(slopes.b1.mul(rate)),
      w2: parameters.w2.sub(slopes.w2.mul(rate)),
      b2: parameters.b2.sub(slopes.b2.mul(rate)),
    };
    losses.push((await value.data())[0]);
  }
  const { w1, b1, w2, b2 } = parameters;
  return {
    losses,
    w1: await w1.data(),
    b1: await b1.data(),
    w2: await w2.data(),
    b2: await b2.data(),
  };
}
