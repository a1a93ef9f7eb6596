import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  compile,
  full,
  inspect,
  profile,
  setBackend,
  setThreads,
  type Tensor,
  tensor,
  valueAndGrad,
  zerosLike,
} from "inkgrad";
import { backend } from "@src/backend/registry.js";
import { seeded } from "../../support/random.js";

function random(seed: string, ...shape: number[]): Tensor {
  const next = seeded(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(Array.from({ length: size }, () => next() - 0.5)).reshape(shape);
}

const numbersOf = (x: Tensor): number[] => (x.reshape([-1]) as Tensor).toArray() as never;

type State = { p: Tensor[]; m: Tensor[]; v: Tensor[]; t: Tensor };

/** Adam's update of all parameters, whose gradient is that of the sum of sin(p · x). */
function adam({ p, m, v, t }: State, x: Tensor): State {
  const loss = (ps: Tensor[]): Tensor<[]> =>
    ps.map((q) => q.mul(x).sin().sum() as Tensor<[]>).reduce((a, b) => a.add(b));
  const [, d] = valueAndGrad(loss)(p);
  const step = t.add(1);
  const size = full([], 0.1).div(full([], 0.9).pow(step).neg().add(1));
  const m2 = m.map((one, i): Tensor => one.add(d[i].sub(one).mul(0.1)));
  const v2 = v.map((one, i): Tensor => one.add(d[i].square().sub(one).mul(0.01)));
  const p2 = p.map((one, i): Tensor => one.sub(m2[i].mul(size).div(v2[i].sqrt().add(1e-8))));
  return { p: p2, m: m2, v: v2, t: step };
}

const shapes = [[3], [1], [17, 5], [4, 4], [2, 3, 70], [130, 90]];
const start = (): State => {
  const p = shapes.map((shape, i) => random(`p${i}`, ...shape));
  return { p, m: p.map((one): Tensor => zerosLike(one)), v: p.map((one): Tensor => zerosLike(one)), t: tensor(0) }; // prettier-ignore
};
const x = tensor(0.7) as Tensor;

const pool = backend().threads;
const usual = pool!.threshold;
beforeAll(() => {
  pool!.threshold = 0;
});
afterAll(() => {
  pool!.threshold = usual;
});
afterEach(() => {
  setBackend("wasm");
  setThreads(2);
});

describe("loops of one form", () => {
  it("are one kernel: an optimizer's update of all parameters", () => {
    const { kernels } = inspect(adam, start(), x);
    const updates = kernels.filter(({ name }) => name.includes("130×90"));
    expect(updates.map(({ name }) => name)).toEqual(["loop 130×90, 2×3×70, 4×4, 17×5 and 2 more"]);
    const parameters = shapes.reduce((sum, s) => sum + s.reduce((a, b) => a * b), 0);
    expect(updates[0].operations % parameters).toBe(0);
    // Parameters and both moments, read and written; the gradient is part of the loop.
    expect(updates[0].bytes).toBeGreaterThanOrEqual(6 * 4 * parameters);
    expect(updates[0].bytes).toBeLessThan(6 * 4 * parameters + 100);
    const names = profile(adam, start(), x).kernels.map(({ name }) => name);
    expect(names).toEqual(kernels.map(({ name }) => name));
  });

  it("have the values that they have by themselves, with every number of threads", async () => {
    const run = (): number[][] => {
      const step = compile(adam, { donate: 0 });
      let state = start();
      for (let i = 0; i < 3; i++) state = step(state, x);
      return [...state.p, ...state.m, ...state.v].map(numbersOf);
    };
    // A parameter alone has a loop of its own.
    const alone = shapes.map((_, i) => {
      const step = compile(adam, { donate: 0 });
      const { p, m, v, t } = start();
      let state: State = { p: [p[i]], m: [m[i]], v: [v[i]], t };
      for (let k = 0; k < 3; k++) state = step(state, x);
      return [state.p[0], state.m[0], state.v[0]].map(numbersOf);
    });
    const expected = [0, 1, 2].flatMap((k) => alone.map((one) => one[k]));
    for (const threads of [1, 2, 3]) {
      setThreads(threads);
      expect(await pool!.ready()).toBe(threads);
      expect(run()).toEqual(expected);
    }
  });

  it("stay apart where one needs what another one writes, or their forms differ", () => {
    const chain = (a: Tensor, b: Tensor): Tensor[] => {
      const y = a.exp();
      const total = y.sum();
      return [y, b.mul(total).exp()] as Tensor[];
    };
    const [a, b] = [random("a", 40), random("b", 50)];
    const names = inspect(chain as never, a as never, b as never).kernels.map(({ name }) => name);
    expect(names.filter((name) => name.includes(","))).toEqual([]);
    const forms = (c: Tensor, d: Tensor): Tensor[] =>
      [c.mul(2), d.mul(3), d.cast("f64").mul(2), d.mul(0), d.mul(-0)] as Tensor[];
    const found = compile(forms)(a, b).map(numbersOf);
    const kernels = inspect(forms as never, a as never, b as never).kernels;
    expect(kernels.filter(({ name }) => name.includes(","))).toEqual([]);
    setBackend("reference");
    const copies = [a, b].map((one): Tensor => one.add(0));
    expect(found).toEqual(forms(copies[0], copies[1]).map(numbersOf));
  });

  it("need not be of floats, nor of whole vectors", () => {
    const f = (...xs: Tensor[]): Tensor[] => xs.map((y): Tensor => y.mul(3).add(1).greater(y));
    const args = [1, 2, 3, 5, 9, 4099].map(
      (n) =>
        tensor(
          Array.from({ length: n }, (_, i) => (i % 7) - 3),
          { dtype: "i32" },
        ) as Tensor,
    );
    expect(inspect(f as never, ...(args as never[])).kernels).toHaveLength(1);
    const found = compile(f)(...args).map((y) => y.toArray());
    expect(found).toEqual(args.map((y) => f(y)[0].toArray()));
  });
});
