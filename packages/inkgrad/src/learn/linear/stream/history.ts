/** Costs of a run of any length, of which so many figures at most are kept. */
const most = 1024;

export interface StreamHistory {
  add(cost: number, gradientSize: number): void;
  readonly costs: Float64Array;
  readonly gradientSizes: Float64Array;
}

/**
 * Means over windows of steps. When there are too many, the windows become twice as long, so that what is kept
 * does not grow with the stream.
 */
export function streamHistory(): StreamHistory {
  let windows: { cost: number; size: number }[] = [];
  let length = 1;
  let current = { cost: 0, size: 0, steps: 0 };
  const all = () =>
    current.steps === 0
      ? windows
      : [...windows, { cost: current.cost / current.steps, size: current.size / current.steps }];
  return {
    add(cost, gradientSize) {
      current.cost += cost;
      current.size += gradientSize;
      current.steps++;
      if (current.steps < length) return;
      windows = all();
      current = { cost: 0, size: 0, steps: 0 };
      if (windows.length < most) return;
      length *= 2;
      windows = Array.from({ length: most / 2 }, (_, i) => {
        const [a, b] = [windows[2 * i], windows[2 * i + 1]];
        return { cost: (a.cost + b.cost) / 2, size: (a.size + b.size) / 2 };
      });
    },
    get costs() {
      return Float64Array.from(all(), ({ cost }) => cost);
    },
    get gradientSizes() {
      return Float64Array.from(all(), ({ size }) => size);
    },
  };
}
