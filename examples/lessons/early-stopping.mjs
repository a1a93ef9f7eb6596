// Stop before the network learns by heart.
//
// A network with more weights than there are examples can learn all of them by heart, wrong labels
// included. It does not begin with that: first it learns what many examples have in common, and the
// loss on examples that it is not shown (validation) falls too. Then it turns to the accidents of the
// single ones; the training loss goes on falling and the validation loss rises. Early stopping watches the
// validation loss, ends when it has not become better for some epochs (the patience), and goes back to
// the weights of the best epoch. It costs nothing but the examples set aside, and it saves time.
import { random } from "inkgrad";
import { toy, trainTestSplit } from "inkgrad/data";
import { lineChart } from "inkgrad/learn/plot";
import { callbacks, dense, input, optimizers, relu, sequential } from "inkgrad/nn";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("A network that could learn all examples by heart, to the end and stopped early.");
  const data = toy.classification({
    ...{ n: 1500, features: 20, informative: 4, redundant: 0, flipY: 0.3 },
    key: random.key(9),
  });
  const { train: seen, test } = trainTestSplit(data, { size: 1000, key: random.key(10) });
  const { train, test: validation } = trainTestSplit(seen, { size: 250, key: random.key(11) });

  const learner = sequential(input(20), dense(64), relu(), dense(2)).compile({
    loss: "sparseCategoricalCrossEntropy",
    optimizer: optimizers.adam(0.003),
    metrics: ["accuracy"],
  });
  const epochs = small ? 60 : 200;
  const options = { epochs, batchSize: 32, validationData: validation, seed: 1 };
  const toTheEnd = await learner.fit(train, options);
  const patience = 10;
  const stopped = await learner.fit(train, {
    ...options,
    callbacks: [callbacks.earlyStopping({ monitor: "val_loss", patience })],
  });

  const losses = toTheEnd.history.column("loss");
  const validationLosses = toTheEnd.history.column("val_loss");
  const best = validationLosses.indexOf(Math.min(...validationLosses));
  const epochsShown = [0, 4, best, Math.round(epochs / 2) - 1, epochs - 1];
  print(
    `\nThe loss on ${train.x.shape[0]} training and ${validation.x.shape[0]} validation examples:`,
  );
  print(
    table(
      ["epoch", "training", "validation"],
      epochsShown
        .sort((a, b) => a - b)
        .map((epoch) => [epoch + 1, losses[epoch], validationLosses[epoch]]),
    ),
  );
  print(`The validation loss is least after epoch ${best + 1}.`);
  print(`Early stopping: ${stopped.stopped ?? "never"}.`);

  const onTest = {};
  for (const [name, trained] of Object.entries({ toTheEnd, stopped }))
    onTest[name] = await trained.evaluate(test);
  print("\nOn 1,000 examples that decided nothing:");
  const row = (name, trained, { loss, accuracy }) => [name, trained.history.length, loss, accuracy];
  print(
    table(
      ["training", "epochs", "loss", "accuracy"],
      [row("to the end", toTheEnd, onTest.toTheEnd), row("stopped early", stopped, onTest.stopped)],
    ),
  );

  const points = (list) => list.map((y, i) => ({ x: i + 1, y }));
  const [least, most] = [0, Math.max(...validationLosses)];
  await plot(
    "losses",
    lineChart({
      description: "the training loss falls all the time, the validation loss falls and then rises",
      ...{ x: "epoch", y: "loss", dots: false, whole: true },
      series: [
        { name: "training", points: points(losses) },
        { name: "validation", points: points(validationLosses) },
        {
          ...{ name: "stopped here", dashed: true },
          points: [
            { x: stopped.history.length, y: least },
            { x: stopped.history.length, y: most },
          ],
        },
      ],
    }),
  );
  return { epochs, patience, best, losses, validationLosses, ran: stopped.history.length, onTest };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
