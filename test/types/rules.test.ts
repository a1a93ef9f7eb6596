import { tensor, zeros } from "inkgrad";
import type { Tensor } from "inkgrad";
import { agree, type Make } from "./agree.js";

/**
 * Shape rules against the run time on generated cases: the same shape, or an error on both sides.
 * Nothing is computed: a tensor knows its shape before its elements.
 */

const z = (shape: number[]): Tensor => zeros(shape);
const text = (value: unknown): string =>
  value === undefined ? "undefined" : JSON.stringify(value);

const rules: Record<string, Make> = {
  Broadcast(g) {
    const a = g.shape(3);
    const b = g.broadcastable(a);
    return { type: `Broadcast<${text(a)}, ${text(b)}>`, run: () => z(a).add(z(b)).shape };
  },
  BroadcastTo(g) {
    const a = g.shape(3);
    const b = g.broadcastable(a);
    return { type: `BroadcastTo<${text(b)}, ${text(a)}>`, run: () => z(b).broadcastTo(a).shape };
  },
  MatMul(g) {
    const [m, k, n] = [g.size(), g.size(), g.size()];
    const batch = g.shape(2);
    const inner = g.chance(0.8) ? k : g.size();
    const a = g.pick([[k], [m, k], [...batch, m, k]]);
    const b = g.pick([[inner], [inner, n], [...g.broadcastable(batch), inner, n]]);
    return { type: `MatMul<${text(a)}, ${text(b)}>`, run: () => z(a).matmul(z(b)).shape };
  },
  Reduce(g) {
    const s = g.shape(4);
    const axis = g.pick([undefined, g.axis(s), [g.axis(s)], g.someAxes(s)]);
    const keepDims = g.chance(0.5);
    return {
      type: `Reduce<${text(s)}, ${text(axis)}, ${keepDims}, "sum">`,
      run: () => z(s).sum(axis, { keepDims }).shape,
    };
  },
  Reshape(g) {
    const s = g.shape(4, [0, 1, 2, 3, 4, 6, 8, 10, 28, 100]);
    const t = g.reshaped(s);
    return { type: `Reshape<${text(s)}, ${text(t)}>`, run: () => z(s).reshape(t).shape };
  },
  Flatten(g) {
    const s = g.shape(4);
    const axis = g.axis(s);
    return { type: `Flatten<${text(s)}, ${axis}>`, run: () => z(s).flatten(axis).shape };
  },
  Permute(g) {
    const s = g.shape(4);
    const axes = g.chance(0.7) ? g.shuffled([...s.keys()]) : s.map(() => g.axis(s));
    const signed = axes.map((a) => (g.chance(0.3) && a >= 0 ? a - s.length : a));
    return { type: `Permute<${text(s)}, ${text(signed)}>`, run: () => z(s).permute(signed).shape };
  },
  MoveAxis(g) {
    const s = [...g.shape(3), g.size()];
    const [from, to] = [g.rightAxis(s), g.rightAxis(s)];
    return {
      type: `MoveAxis<${text(s)}, ${from}, ${to}>`,
      run: () => z(s).moveAxis(from, to).shape,
    };
  },
  SwapAxes(g) {
    const s = [...g.shape(3), g.size()];
    const [i, j] = [g.rightAxis(s), g.rightAxis(s)];
    return { type: `SwapAxes<${text(s)}, ${i}, ${j}>`, run: () => z(s).swapAxes(i, j).shape };
  },
  ExpandDims(g) {
    const s = g.shape(4);
    const axis = g.axis([...s, 1]);
    return { type: `ExpandDims<${text(s)}, ${axis}>`, run: () => z(s).expandDims(axis).shape };
  },
  Squeeze(g) {
    const s = g.shape(4, [1, 1, 2, 3]);
    const axis = g.pick([undefined, g.axis(s), g.someAxes(s)]);
    return { type: `Squeeze<${text(s)}, ${text(axis)}>`, run: () => z(s).squeeze(axis).shape };
  },
  Literal(g) {
    const data = g.nested(g.shape(3, [1, 2, 3]));
    return { type: `Literal<${text(data)}>`, run: () => tensor(data as number[]).shape };
  },
};

agree("rules", rules, ["MoveAxis", "SwapAxes"]);
