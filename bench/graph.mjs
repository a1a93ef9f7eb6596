/**
 * What the graph itself costs, apart from all computing: microseconds a node for building it, for
 * rewriting and scheduling it, and for a tensor operation, evaluated or not.
 *   npm run build && node bench/graph.mjs [milliseconds a case]
 * The best of many rounds, since other work on the machine only ever adds time.
 */
const library = new URL("../packages/inkgrad/dist/", import.meta.url);
const { grad, tensor } = await import(new URL("index.js", library));
const { builder: b } = await import(new URL("graph/builder.js", library));
const { constantNode, nextId } = await import(new URL("graph/node.js", library));
const { schedule } = await import(new URL("graph/schedule.js", library));
const { rewrite } = await import(new URL("graph/rewrite.js", library));
const { backward } = await import(new URL("grad/backward.js", library));

const budgetMs = Number(process.argv[2] ?? 1000);
const constant = (...shape) => {
  const size = shape.reduce((n, m) => n * m, 1);
  return constantNode(new Float32Array(size).fill(0.1), shape, "f32");
};

/** Runs `work`, which says how many things it did, until the time is up; prints the best round. */
function report(name, work) {
  for (let i = 0; i < 20; i++) work();
  let best = Infinity;
  for (const end = performance.now() + budgetMs; performance.now() < end;) {
    const start = performance.now();
    const count = work();
    best = Math.min(best, ((performance.now() - start) * 1000) / count);
  }
  console.log(`${name.padEnd(48)} ${best.toFixed(3)} µs`);
}

const [x, y] = [constant(32, 10), constant(32, 10)];
const chain = (length) => {
  let node = x;
  for (let i = 0; i < length; i++) node = b.add(node, y);
  return node;
};

const [images, hidden, out] = [constant(32, 784), constant(784, 128), constant(128, 10)];
const [bias, outBias] = [constant(128), constant(10)];
/** A perceptron with one hidden layer, its loss and its gradients. */
function network() {
  const before = nextId();
  const pre = b.add(b.matmul(images, hidden), b.expand(bias, { shape: [32, 128] }));
  const logits = b.add(b.matmul(b.maximum(pre, 0), out), b.expand(outBias, { shape: [32, 10] }));
  const top = b.reshape(b.max(logits, { axes: [1] }), { shape: [32, 1] });
  const shifted = b.sub(logits, b.expand(top, { shape: [32, 10] }));
  const loss = b.sum(b.log(b.sum(b.exp(shifted), { axes: [1] })), { axes: [0] });
  const one = b.full({ shape: [], value: 1, dtype: "f32" });
  const gradients = backward([{ node: loss, cotangent: one }], [hidden, out, bias, outBias]);
  return { outputs: [loss, ...gradients], count: nextId() - before };
}

console.log("a node of the graph");
report("  build: chain of 1,000 additions", () => {
  chain(1000);
  return 1000;
});
report("  build: network, forward and backward", () => network().count);
const long = chain(1000);
report("  schedule: chain of 1,000", () => {
  schedule([long]);
  return 1000;
});
const { outputs, count } = network();
report("  schedule: network", () => {
  schedule(outputs);
  return count;
});
report("  rewrite: network", () => {
  rewrite(outputs);
  return count;
});

const [t, u] = [
  tensor(new Float32Array(320), { shape: [32, 10] }),
  tensor(new Float32Array(320), { shape: [32, 10] }),
];
const row = tensor(new Float32Array(10));
/** Short chains, so that none grows large enough to be evaluated. */
const each = (step) => () => {
  for (let i = 0; i < 50; i++) {
    let z = t;
    for (let j = 0; j < 20; j++) z = step(z);
  }
  return 1000;
};
console.log("a tensor operation, not evaluated");
report(
  "  x.add(y)",
  each((z) => z.add(u)),
);
report(
  "  x.mul(2)",
  each((z) => z.mul(2)),
);
report(
  "  x.add(row)",
  each((z) => z.add(row)),
);
report(
  "  x.sin()",
  each((z) => z.sin()),
);
report(
  "  x.sum(0)",
  each(() => t.sum(0)),
);
report(
  "  x.matmul(y)",
  each(() => t.transpose().matmul(u)),
);

const [one, two] = [tensor(1), tensor(2)];
console.log("a tensor operation of one element, evaluated");
report("  x.add(y).item()", () => {
  for (let i = 0; i < 100; i++) one.add(two).item();
  return 100;
});
const slope = grad((v) => v.mul(v).add(v.sin()));
report("  grad of x·x + sin x, read", () => {
  for (let i = 0; i < 20; i++) slope(one).item();
  return 20;
});
