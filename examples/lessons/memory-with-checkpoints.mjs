// What a backward pass keeps in memory, and how to keep less.
//
// The gradient of a layer needs what the layer computed on the way forward, so reverse mode keeps the
// intermediate values of all layers until it comes back: memory grows with depth. `checkpoint(f)` keeps
// only what goes into f, and computes the rest again when the backward pass gets there: memory for work.
// With checkpoints around groups of √L of L layers, the inputs of √L groups and the inside of one group
// are alive at once: memory grows with √L, and the forward pass is made twice, which is a third more
// work (a backward pass is as much as two). `inspect` tells both before anything runs. The network here
// is recurrent: its L layers all use the same matrix.
import { checkpoint, grad, inspect, random } from "inkgrad";
import { curves } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const [examples, width] = [256, 32];

const layer = (x, w) => x.add(x.matmul(w).sin().tanh().matmul(w));

/** The loss of a network whose layers are taken together in groups, each of which may be wrapped. */
function network(depth, groupSize, wrap) {
  const group = wrap((x, w) => {
    for (let i = 0; i < groupSize; i++) x = layer(x, w);
    return x;
  });
  return (w, x) => {
    for (let i = 0; i < depth; i += groupSize) x = group(x, w);
    return x.square().mean();
  };
}

const kinds = {
  "all kept": (depth) => network(depth, 1, (f) => f),
  "each layer": (depth) => network(depth, 1, checkpoint),
  "groups of √L": (depth) => network(depth, Math.sqrt(depth), checkpoint),
};

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Memory that the gradient of a deep network needs, with and without checkpoints.");
  const [xKey, wKey] = random.split(random.key(0));
  const x = random.normal(xKey, [examples, width]);
  const w = random.normal(wKey, [width, width]).mul(0.1);
  const layerBytes = 4 * examples * width;
  print(
    `What goes from a layer to the next, ${examples} × ${width} numbers, is ${layerBytes / 1024} kB.`,
  );

  const names = Object.keys(kinds);
  const rows = (small ? [4, 9, 16] : [4, 16, 36, 64]).map((depth) => {
    const reports = names.map((name) => inspect(grad(kinds[name](depth)), w, x));
    return {
      depth,
      memory: reports.map(({ arenaBytes }) => arenaBytes),
      work: reports.map(({ kernels }) => kernels.reduce((sum, k) => sum + k.operations, 0)),
    };
  });
  print(
    "\nWorking memory of the gradient, in such pieces, by depth L and by what is checkpointed:",
  );
  const pieces = (bytes) => +(bytes / layerBytes).toFixed(1);
  print(
    table(
      ["L", ...names],
      rows.map(({ depth, memory }) => [depth, ...memory.map(pieces)]),
    ),
  );
  print("\nOperations, as a multiple of those without checkpoints:");
  const times = (work) => work.map((count) => +(count / work[0]).toFixed(2));
  print(
    table(
      ["L", ...names],
      rows.map(({ depth, work }) => [depth, ...times(work)]),
    ),
  );

  // What is computed again is the same; the sum over layers may be rounded in another order.
  const [whole, ...others] = names.map((name) => grad(kinds[name](4))(w, x));
  const difference = Math.max(...others.map((d) => d.sub(whole).abs().max().item()));
  print(`\nThe gradients of 4 layers differ by at most ${difference.toExponential(1)}.`);

  const points = (i) => rows.map(({ depth, memory }) => ({ x: depth, y: memory[i] / 2 ** 20 }));
  await plot(
    "memory",
    curves(Object.fromEntries(names.map((name, i) => [name, points(i)])), {
      x: "layers",
      y: "working memory, MB",
    }),
  );
  return { names, rows, layerBytes, difference };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
