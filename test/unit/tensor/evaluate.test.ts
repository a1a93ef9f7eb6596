import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { grad, ones, setBackend, Tensor, tensor, TraceError, valueAndGrad } from "inkgrad";
import { registerBackend } from "@src/backend/registry.js";
import { reference } from "@src/backend/reference/reference.js";
import { builder as b } from "@src/graph/builder.js";
import { type GraphNode, placeholderNode, type Trace } from "@src/graph/node.js";

let kernels = 0;
registerBackend({
  ...reference,
  name: "counting",
  load(program) {
    kernels += program.steps.length;
    return reference.load(program);
  },
});
registerBackend({
  ...reference,
  name: "background",
  capabilities: { ...reference.capabilities, synchronous: false },
  load: (program) => ({
    run: async (inputs, numbers) => reference.load(program).run(inputs, numbers),
  }),
});

beforeEach(() => {
  setBackend("counting");
  kernels = 0;
});
afterEach(() => setBackend("reference"));

const open = (outer: readonly Trace[] = []): Trace => ({ open: true, outer });
/** x as the argument of a function that is being differentiated. */
function traced(x: Tensor, trace: Trace): Tensor {
  const node = b.identity(x.node) as GraphNode;
  node.trace = trace;
  return new Tensor(node);
}
/** Nodes that are kept in memory by a tensor. */
function reachable(x: Tensor): number {
  const seen = new Set<GraphNode>();
  const pending = [x.node];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    pending.push(...node.src);
  }
  return seen.size;
}

describe("a loop that never reads", () => {
  test("keeps its pending graph bounded", () => {
    let w: Tensor = ones([3]);
    let deepest = 0;
    for (let i = 0; i < 2000; i++) {
      w = w.mul(0.5).add(0.5);
      deepest = Math.max(deepest, w.node.pendingDepth);
    }
    expect(deepest).toBeLessThanOrEqual(200);
    expect(reachable(w)).toBeLessThan(600);
    expect(w.toArray()).toEqual([1, 1, 1]);
  });

  test("computes each step once, with two states that need each other", () => {
    let [x, y] = [tensor(1, { dtype: "f64" }), tensor(0, { dtype: "f64" })] as [Tensor, Tensor];
    for (let i = 0; i < 1000; i++) [x, y] = [x.sub(y.mul(0.001)), y.add(x.mul(0.001))];
    expect(Number(x.item())).toBeCloseTo(Math.cos(1), 2);
    expect(Number(y.item())).toBeCloseTo(Math.sin(1), 2);
    // Four operations and two constants a step.
    expect(kernels).toBeLessThan(6 * 1000 + 300);
  });

  test("does the same when the states come out of traces that are closed", () => {
    let [x, y]: [Tensor, Tensor] = [tensor([1]), tensor([1])];
    for (let i = 0; i < 60; i++) {
      const trace = open();
      const [p, q] = [traced(x, trace), traced(y, trace)];
      const [f, g] = [p.mul(q), p.add(q)];
      trace.open = false;
      [x, y] = [x.sub(f.mul(0)), y.sub(g.mul(0))];
    }
    expect([x.toArray(), y.toArray()]).toEqual([[1], [1]]);
    expect([reachable(x), reachable(y)]).toEqual([1, 1]);
  });
});

describe("reading", () => {
  test("in each step costs a step, not the history", () => {
    const rate = tensor(0.1);
    let w: Tensor = ones([4]);
    const costs: number[] = [];
    for (let i = 0; i < 20; i++) {
      const before = kernels;
      const loss = w.mul(w).sum();
      loss.item();
      costs.push(kernels - before);
      w = w.sub(w.mul(rate));
    }
    expect(Math.max(...costs.slice(1))).toBe(costs[1]);
    expect(costs[1]).toBeLessThan(8);
  });

  test("keeps the values of tensors on the way that somebody holds", () => {
    const held = ones([2]).exp();
    held.add(1).toArray();
    expect(held.node.value).not.toBeNull();
    kernels = 0;
    held.toArray();
    held.mul(2).toArray();
    // The constant 2 and the product.
    expect(kernels).toBe(2);
  });

  test("twice computes once, and gives arrays of the reader's own", () => {
    const x = tensor([1, 2]).add(1);
    const first = x.toArray();
    first[0] = 99;
    expect(x.toArray()).toEqual([2, 3]);
    expect(kernels).toBe(2);
  });

  test("forgets how the value came about", () => {
    const x = tensor([1, 2]).exp().log();
    x.toArray();
    expect(reachable(x)).toBe(1);
  });
});

describe("reading inside an open trace", () => {
  test("gives the value and keeps the recipe for the gradient", () => {
    const trace = open();
    const x = traced(tensor([2, 3]), trace);
    const y = x.mul(x);
    expect(y.toArray()).toEqual([4, 9]);
    expect(y.node.op).toBe("mul");
    expect(y.sum().item()).toBe(13);
    expect(y.node.src).toContain(x.node);
  });

  test("is remembered: what depends on it does not compute it again", () => {
    const trace = open();
    const y = traced(tensor([2, 3]), trace).exp();
    y.toArray();
    kernels = 0;
    y.sum().item();
    expect(kernels).toBe(1);
  });

  test("of an argument without a value throws a TraceError and leaves the rest usable", () => {
    const x = new Tensor(placeholderNode([2], "f32", open()));
    const y = x.add(tensor([1, 2]));
    expect(() => y.toArray()).toThrow(TraceError);
    expect(() => y.toArray()).toThrowErrorMatchingInlineSnapshot(
      `[TraceError: a value was asked for inside a function that is being traced (vmap or compile): the f32 argument of shape [2] has no value yet. Use tensor operations such as where() in place of if, or read the value outside]`,
    );
    expect(String(y)).toBe("tensor(not known yet, shape [2], f32)");
  });
});

describe("when a trace is closed", () => {
  test("its results are cut as soon as they are evaluated", () => {
    const trace = open();
    const y = traced(tensor([2, 3]), trace)
      .exp()
      .add(1);
    trace.open = false;
    y.toArray();
    expect(reachable(y)).toBe(1);
  });

  test("what was evaluated inside is cut when it is used again", () => {
    let state: Tensor = tensor([1, 2]);
    for (let i = 0; i < 50; i++) {
      const trace = open();
      const next = traced(state, trace).mul(1);
      next.toArray();
      trace.open = false;
      state = next;
    }
    // The last step and what it started from.
    expect(reachable(state)).toBeLessThan(6);
    state.toArray();
    expect(reachable(state)).toBe(1);
  });

  test("an outer one that is open still sees the recipe", () => {
    const outer = open();
    const x = traced(tensor([3]), outer);
    const inner = open([outer]);
    const y = traced(x, inner).mul(2);
    inner.open = false;
    y.toArray();
    expect(y.node.op).toBe("mul");
    outer.open = false;
    y.toArray();
    expect(reachable(y)).toBe(1);
  });

  test("many open traces that meet again and again do not take exponential time", () => {
    const traces = Array.from({ length: 6 }, () => open());
    let level: Tensor[] = traces.map((trace, i) => traced(tensor([i]), trace));
    for (let depth = 0; depth < 40; depth++)
      level = level.map((x, i) => x.add(level[(i + 1) % level.length]).mul(0.5));
    for (const trace of traces) trace.open = false;
    expect(Number(level[0].sum().item())).toBeCloseTo(2.5, 2);
    expect(reachable(level[0])).toBe(1);
  });
});

describe("gradients in a loop", () => {
  test("hold no history, though values are read inside", () => {
    let w: Tensor = tensor([1, 2]);
    let seen: Tensor = tensor(0);
    const costs: number[] = [];
    for (let i = 0; i < 30; i++) {
      const before = kernels;
      const loss = (x: Tensor): [Tensor, Tensor] => {
        const value = x.square().sum();
        const total = value.add(seen);
        total.item();
        return [value, total];
      };
      const [[, aux], gradient] = valueAndGrad(loss, 0, { hasAux: true })(w);
      seen = aux;
      w = w.sub(gradient.mul(0.1));
      costs.push(kernels - before);
    }
    expect(Math.max(...costs)).toBe(costs[2]);
    w.toArray();
    expect([reachable(w), reachable(seen) < 10]).toEqual([1, true]);
  });

  test("of gradients do not pile up traces", () => {
    const step = grad((x: Tensor) => x.square().sum().mul(0.5));
    let x: Tensor = tensor([3, 4]);
    for (let i = 0; i < 5000; i++) x = step(x);
    expect(x.toArray()).toEqual([3, 4]);
  });
});

describe("an error in a kernel", () => {
  test("leaves every tensor as it was", () => {
    const index = tensor([0, 5], { dtype: "i32" });
    const x = tensor([1, 2, 3]);
    const before = x.exp();
    const wrong = before.sort();
    const taken = b.gather(wrong.node, index.node, { axis: 0 });
    const failing = new Tensor(taken as GraphNode);
    expect(() => failing.toArray()).toThrow("index 5 is out of range");
    expect(() => failing.toArray()).toThrow("index 5 is out of range");
    expect(failing.node.value).toBeNull();
    expect(before.log().round().toArray()).toEqual([1, 2, 3]);
    expect(String(failing)).toBe("tensor(not known yet, shape [2], f32)");
  });
});

describe("a backend that computes in the background", () => {
  test("is awaited with data(), and says so where it must be", async () => {
    setBackend("background");
    const x = tensor([1, 2]).mul(3);
    expect(() => x.toArray()).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: the backend "background" computes in the background; use await x.data()]`,
    );
    expect(String(x)).toBe("tensor(not known yet, shape [2], f32)");
    const [first, second] = await Promise.all([x.data(), x.data()]);
    expect([...first]).toEqual([3, 6]);
    expect([...second]).toEqual([3, 6]);
    expect(x.toArray()).toEqual([3, 6]);
  });
});
