import { describe, expect, it } from "vitest";
import {
  backward,
  DTypeError,
  grad,
  ShapeError,
  tape,
  tensor,
  type Tensor,
  TraceError,
  variable,
} from "inkgrad";
import { topological } from "@src/graph/schedule.js";

const f64 = { dtype: "f64" } as const;

describe("variable", () => {
  it("collects gradients as PyTorch does, until they are zeroed", () => {
    const w = variable(tensor(3, f64));
    backward(w.mul(w));
    backward(w.mul(w));
    expect(w.grad?.item()).toBe(12);
    w.zeroGrad();
    expect(w.grad).toBeNull();
  });

  it("learns in a loop that reads the loss before asking for gradients", () => {
    const w = variable(tensor(0, f64));
    const losses: number[] = [];
    for (let step = 0; step < 50; step++) {
      const loss = w.sub(4).square();
      losses.push(loss.item());
      w.zeroGrad();
      backward(loss);
      w.assign(w.sub(w.grad!.mul(0.1)));
    }
    expect(losses[0]).toBe(16);
    expect(losses.at(-1)).toBeLessThan(1e-7);
    expect(w.item()).toBeCloseTo(4, 3);
  });

  it("keeps no history of a training loop that reads nothing", () => {
    const w = variable(tensor([1, 2], f64));
    for (let step = 0; step < 400; step++) {
      backward(w.square().sum());
      w.assign(w.sub(w.grad!.mul(1e-3)));
      w.zeroGrad();
    }
    // Some 200 steps' worth may be waiting to be computed; never all of them.
    expect(topological([w.node]).length).toBeLessThan(1000);
    w.toArray().forEach((x, i) => {
      expect(x).toBeCloseTo((i + 1) * 0.998 ** 400, 10);
    });
  });

  it("keeps no history of gradients that are never zeroed", () => {
    const w = variable(tensor([1, 2], f64));
    for (let step = 0; step < 400; step++) {
      backward(w.square().sum());
      w.assign(w.sub(w.grad!.mul(1e-6)));
    }
    expect(topological([w.node, w.grad!.node]).length).toBeLessThan(1000);
  });

  it("takes tensors only", () => {
    expect(() => variable(3 as never)).toThrow(/variable: expected a tensor, got the number 3/);
    const w = variable(tensor(2, f64));
    expect(() => {
      w.assign(3 as never);
    }).toThrow(/assign: expected a tensor, got the number 3/);
  });

  it("gives gradients to several variables, and to none that has changed since", () => {
    const [a, b] = [variable(tensor(2, f64)), variable(tensor(5, f64))];
    backward(a.mul(b));
    expect([a.grad?.item(), b.grad?.item()]).toEqual([5, 2]);
    const old = a.mul(a);
    a.assign(tensor(1, f64));
    expect(() => {
      backward(old);
    }).toThrow(TraceError);
  });

  it("takes only values of its shape and type", () => {
    const w = variable(tensor([1, 2]));
    expect(() => {
      w.assign(tensor([1, 2, 3]) as never);
    }).toThrow(
      new ShapeError(
        "assign: expected shape [2], got [3]; a tensor of another shape needs a variable of its own",
      ),
    );
    expect(() => {
      w.assign(tensor([1, 2], f64) as never);
    }).toThrow(new DTypeError('assign: expected type f32, got f64; use value.cast("f32")'));
  });
});

describe("tape", () => {
  it("gives the gradient of what was computed from watched tensors", () => {
    const t = tape();
    const x = t.watch(tensor(3, f64));
    const y = x.mul(x).mul(x);
    expect(y.item()).toBe(27);
    expect(t.gradient(y, x).item()).toBe(27);
  });

  it("gives a list for a list, and agrees with grad", () => {
    const f = (x: Tensor<[], "f64">, y: Tensor<[], "f64">) => x.mul(y).add(x.sin());
    const t = tape();
    const [x, y] = [t.watch(tensor(2, f64)), t.watch(tensor(3, f64))];
    const taped = t.gradient(f(x, y), [x, y] as const).map((g) => g.item());
    const direct = grad(f, [0, 1])(tensor(2, f64), tensor(3, f64)).map((g) => g.item());
    expect(taped).toEqual(direct);
  });

  it("says so when asked for what it did not record, and never gives zeros instead", () => {
    const x0 = tensor(3, f64);
    const t = tape();
    const x = t.watch(x0);
    const y = x.mul(x);
    expect(() => t.gradient(y, x0)).toThrow("expected tensors that this tape watches");
    expect(t.gradient(y, x).item()).toBe(6);
    expect(() => t.gradient(y, x)).toThrow(TraceError);
    expect(() => t.watch(x0)).toThrow("the recording ended with the first gradient");
    expect(() => tape().watch(tensor(1, { dtype: "i32" }))).toThrow(DTypeError);
  });
});
