import { reduceOnPlateau, schedules } from "inkgrad/nn";
import type { Run } from "@src/nn/callbacks/callback.js";
import { expect, test } from "vitest";
import { readGolden } from "../../golden/cases.js";
import { requireNear } from "../../support/golden-tensor.js";

interface Case {
  readonly schedule: string;
  readonly args: readonly unknown[];
  readonly total: number;
  readonly source: string;
  readonly rates: readonly number[];
}
interface Plateau {
  readonly options: object;
  readonly scales: readonly number[];
}
type Make = (...args: readonly unknown[]) => schedules.Schedule;

const golden = readGolden("training/schedules.json") as unknown as {
  cases: Case[];
  figures: number[];
  plateaus: Plateau[];
};
const makers = schedules as unknown as Record<string, Make>;

/** A schedule may stand among the arguments of another. */
function made({ schedule, args }: Pick<Case, "schedule" | "args">): schedules.Schedule {
  const own = args.map((arg) =>
    typeof arg === "object" && arg !== null && "schedule" in arg ? made(arg as Case) : arg,
  );
  return makers[schedule](...own);
}

test.each(golden.cases.map((one) => [`${one.schedule} ${JSON.stringify(one.args)}`, one] as const))(
  "%s has the rates that PyTorch or the formula has",
  (what, one) => {
    const schedule = made(one);
    const rates = one.rates.map((_, step) => schedule(step, one.total));
    requireNear(rates, one.rates, 1e-15, what);
    expect(schedule.kind).toBe(one.schedule);
  },
);

test("every schedule has golden values", () => {
  const names = new Set(golden.cases.map(({ schedule }) => schedule));
  expect([...names].sort()).toEqual(Object.keys(makers).sort());
});

test("every schedule can be begun again and again, each round as if it were the whole run", () => {
  for (const { schedule, args } of golden.cases) {
    const of = made({ schedule, args });
    const again = schedules.restarts(of, { every: 7, multiply: 2, factor: 0.5 });
    const rounds = [
      { begin: 0, length: 7, scale: 1 },
      { begin: 7, length: 14, scale: 0.5 },
      { begin: 21, length: 28, scale: 0.25 },
    ];
    for (const { begin, length, scale } of rounds)
      for (let i = 0; i < length; i++)
        expect(again(begin + i, 49), `${schedule} at ${begin + i}`).toBe(of(i, length) * scale);
    expect(again.options).toMatchObject({ of: { schedule } });
  }
});

test("beyond the end a schedule stays where it came to", () => {
  expect(schedules.cosine(1, { end: 0.1, steps: 10 })(50, 100)).toBeCloseTo(0.1, 15);
  expect(schedules.polynomial(1, { end: 0.2, steps: 10 })(50, 100)).toBeCloseTo(0.2, 15);
  const cycle = schedules.oneCycle(1, { steps: 10 });
  expect(cycle(50, 100)).toBeCloseTo(1 / 25 / 1e4, 15);
});

test("a schedule says what it is made from, also of others", () => {
  expect(schedules.warmUp(schedules.cosine(0.1), 5).options).toEqual({
    of: { schedule: "cosine", rate: 0.1, end: 0 },
    steps: 5,
    start: 0,
  });
  expect(schedules.warmUp(() => 1, 5).options).toMatchObject({ of: null });
});

test("messages name the option that is wrong", () => {
  expect(() => schedules.constant(-1)).toThrow(/the rate must be a number ≥ 0, got -1/);
  expect(() => schedules.step(1, {})).toThrow(/either `every`/);
  expect(() => schedules.step(1, { every: 2, at: [3] })).toThrow(/either `every`/);
  expect(() => schedules.cosine(1, { steps: 0 })).toThrow(/steps must be a number ≥ 1, got 0/);
  expect(() => schedules.oneCycle(1, { rise: 2 })).toThrow(/rise/);
  expect(() => schedules.restarts(schedules.cosine(1), { every: 5, multiply: 0.5 })).toThrow(
    /multiply/,
  );
  expect(() => schedules.warmUp(0.1, 0)).toThrow(/steps/);
});

const epoch = (loss: number) => ({ epoch: 0, train: { loss }, learningRate: 1, seconds: 0 });

test("reduceOnPlateau scales the rate epoch for epoch as PyTorch does, also when resumed", () => {
  for (const { options, scales } of golden.plateaus) {
    const run = { rateScale: 1, epoch: 0 } as Run;
    let callback = reduceOnPlateau(options);
    void callback.onTrainBegin!(run);
    const found = golden.figures.map((figure) => {
      // Taken up by another one after each epoch.
      const state = JSON.parse(JSON.stringify(callback.state!())) as never;
      callback = reduceOnPlateau(options);
      callback.restore!(state);
      void callback.onEpochEnd!(epoch(figure), run);
      return run.rateScale;
    });
    requireNear(found, scales, 1e-15, JSON.stringify(options));
  }
});

test("reduceOnPlateau looks at validation figures first, and says if there is no such figure", () => {
  const run = { rateScale: 1, epoch: 0 } as Run;
  const callback = reduceOnPlateau({ patience: 0 });
  const validation = (loss: number) => ({ ...epoch(0), validation: { loss } });
  void callback.onEpochEnd!(validation(1), run);
  void callback.onEpochEnd!({ ...validation(0.5), train: { loss: 9 } }, run);
  expect(run.rateScale).toBe(1);
  void callback.onEpochEnd!({ ...validation(0.5), train: { loss: -9 } }, run);
  expect(run.rateScale).toBe(0.1);
  expect(() => reduceOnPlateau({ monitor: "auc" }).onEpochEnd!(epoch(1), run)).toThrow(
    /no figure "auc"; there are loss/,
  );
  expect(() => reduceOnPlateau({ factor: 1 })).toThrow(/factor/);
  expect(() => reduceOnPlateau({ mode: "less" as never })).toThrow(/mode must be "min" or "max"/);
});

test("reduceOnPlateau takes the figures' names that the other callbacks take, and no NaN for the best", () => {
  const run = { rateScale: 1, epoch: 0 } as Run;
  const callback = reduceOnPlateau({ monitor: "val_accuracy", patience: 0 });
  const reached = (accuracy: number) =>
    void callback.onEpochEnd!({ ...epoch(1), validation: { accuracy } }, run);
  [0.5, 0.6].forEach(reached);
  expect(run.rateScale).toBe(1);
  reached(0.55);
  expect(run.rateScale).toBe(0.1);

  const first = reduceOnPlateau({ monitor: "loss", patience: 0, factor: 0.5 });
  const other = { rateScale: 1, epoch: 0 } as Run;
  for (const loss of [NaN, 3, 2]) void first.onEpochEnd!(epoch(loss), other);
  expect(other.rateScale).toBe(0.5);
});
