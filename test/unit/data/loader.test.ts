import { random, tensor } from "inkgrad";
import { type Batch, DataLoader, dataset, type LoaderOptions, type Source } from "inkgrad/data";
import { describe, expect, it } from "vitest";

const n = 11;
const data = dataset({
  x: Array.from({ length: n }, (_, i) => [i, 10 * i]),
  y: Int32Array.from({ length: n }, (_, i) => i),
  weights: Array.from({ length: n }, (_, i) => i / 2),
});

interface Plain {
  readonly [part: string]: unknown;
}
const plain = ({ x, y, weights, rows, epoch, index }: Batch): Plain => ({
  x: x.toArray(),
  y: y.toArray(),
  ...(weights && { weights: weights.toArray() }),
  rows: [...rows],
  epoch,
  index,
});

async function all(batches: AsyncIterable<Batch>, most = Infinity): Promise<Plain[]> {
  const out: Plain[] = [];
  for await (const batch of batches) {
    out.push(plain(batch));
    if (out.length >= most) break;
  }
  return out;
}

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const out: Batch[] = [];
  for await (const batch of batches) out.push(batch);
  return out;
}

async function epochs(loader: DataLoader, count: number): Promise<Plain[]> {
  const out: Plain[] = [];
  for (let e = 0; e < count; e++) out.push(...(await all(loader.epoch(e))));
  return out;
}

const worker = (name: string, options?: object): Source => ({
  length: n,
  getBatch: { module: new URL("./batch-worker.mjs", import.meta.url), export: name, options },
});

async function* stream(): AsyncGenerator<{ x: number[]; y: number }> {
  for (let i = 0; i < n; i++) yield { x: [i, 10 * i], y: i };
}

/** Sources of the same eleven examples, in every form. */
const sources: Record<string, () => [Source, LoaderOptions?]> = {
  "a data set": () => [data],
  "examples by number": () => [
    { length: n, get: (i: number) => ({ x: Float32Array.of(i, 10 * i), y: i, weight: i / 2 }) },
  ],
  "examples by number, later": () => [
    {
      length: n,
      get: async (i: number) => {
        await new Promise((done) => setTimeout(done, (i * 7) % 5));
        return { x: tensor([i, 10 * i]), y: i };
      },
    },
  ],
  "batches by number": () => [
    {
      length: n,
      getBatch: (rows: readonly number[]) => ({ x: rows.map((i) => [i, 10 * i]), y: [...rows] }),
    },
  ],
  "an array": () => [Array.from({ length: n }, (_, i) => ({ x: [i, 10 * i], y: i }))],
  "a stream": () => [() => stream()],
  "a stream of batches": () => [
    () => [0, 4, 8].map((from) => ({ x: [[from], [from + 1]], y: [from, from + 1] })),
    { batched: true },
  ],
};

describe("a loader", () => {
  it.each(Object.keys(sources))("over %s gives rows in order, each once", async (name) => {
    const [source, options] = sources[name]();
    const found = await all(new DataLoader(source, { batchSize: 4, ...options }).epoch(0));
    expect(found.flatMap(({ y }) => y)).toEqual(
      options?.batched ? [0, 1, 4, 5, 8, 9] : Array.from({ length: n }, (_, i) => i),
    );
    if (options?.batched)
      expect(found.map(({ rows }) => rows)).toEqual([
        [0, 1],
        [2, 3],
        [4, 5],
      ]);
    else {
      expect(found.map(({ y }) => (y as number[]).length)).toEqual([4, 4, 3]);
      expect(found[2].x).toEqual([
        [8, 80],
        [9, 90],
        [10, 100],
      ]);
      expect(found.flatMap(({ rows }) => rows)).toEqual(found.flatMap(({ y }) => y));
    }
    expect(found.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it.each(Object.keys(sources))(
    "over %s goes on exactly where it was, from every position, and with batches made ahead",
    async (name) => {
      const [, own] = sources[name]();
      const shuffle = name !== "an array" && !name.startsWith("a stream");
      const options: LoaderOptions = {
        batchSize: 4,
        shuffle,
        key: random.key(3),
        // A transform with random numbers: its keys must be the same after a restart, too.
        transforms: [(batch, key) => ({ ...batch, x: batch.x.add(random.uniform(key, [1])) })],
        ...own,
      };
      const make = (more?: LoaderOptions): DataLoader =>
        new DataLoader(sources[name]()[0], { ...options, ...more });
      const whole = await epochs(make(), 3);
      expect(whole.length).toBe(9);
      for (let stop = 0; stop <= whole.length; stop++) {
        const first = make({ prefetch: stop % 4 });
        const before: Plain[] = [];
        while (before.length < stop) before.push(...(await all(first, stop - before.length)));
        const state = JSON.parse(JSON.stringify(first.state()));
        const second = make({ prefetch: (stop + 1) % 3 });
        second.restore(state);
        const after: Plain[] = [];
        while (second.state().epoch < 3) after.push(...(await all(second)));
        expect([...before, ...after]).toEqual(whole);
      }
    },
  );

  it("shuffles by the epoch's key, as can be done by hand, and anew in every epoch", async () => {
    const loader = new DataLoader(data, { batchSize: 4, shuffle: true, key: random.key(9) });
    for (const epoch of [0, 1, 7]) {
      const rows = (await all(loader.epoch(epoch))).flatMap((batch) => batch.rows);
      expect(rows).toEqual(random.permutation(random.foldIn(random.key(9), epoch), n).toArray());
    }
    const [a, b] = [await all(loader.epoch(0)), await all(loader.epoch(1))];
    expect(a.flatMap(({ y }) => y)).not.toEqual(b.flatMap(({ y }) => y));
    expect(await all(loader.epoch(0, { from: 2 }))).toEqual(a.slice(2));
  });

  it("drops a last batch that is smaller, if told to", async () => {
    for (const source of [data, () => stream()]) {
      const loader = new DataLoader(source, { batchSize: 4, dropLast: true });
      expect((await all(loader.epoch(0))).length).toBe(2);
      expect((await all(new DataLoader(source, { batchSize: 3 }).epoch(0))).length).toBe(4);
    }
    expect(new DataLoader(data, { batchSize: 4, dropLast: true }).batches).toBe(2);
    expect(new DataLoader(data, { batchSize: 4 }).batches).toBe(3);
    expect(new DataLoader(() => stream()).batches).toBeUndefined();
  });

  it("makes as many batches ahead as it may, and no more", async () => {
    for (const prefetch of [0, 1, 3]) {
      let asked = 0;
      const getBatch = (rows: readonly number[]) => ({
        x: [...rows],
        y: [...rows],
        asked: asked++,
      });
      const loader = new DataLoader({ length: 20, getBatch }, { batchSize: 2, prefetch });
      const seen: number[] = [];
      for await (const _ of loader.epoch(0)) seen.push(asked);
      expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => Math.min(10, i + 1 + prefetch)));
    }
  });

  it("has batches of their own memory: a later one changes no earlier one", async () => {
    const source = sources["examples by number"]()[0];
    const found = await collect(new DataLoader(source, { batchSize: 4 }).epoch(0));
    expect(found[0].x.toArray()).toEqual([
      [0, 0],
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
  });

  it("gives plain numbers the types it is told", async () => {
    const source = { length: 2, get: (i: number) => ({ x: [i], y: i }) };
    const [batch] = await collect(new DataLoader(source, { dtypes: { y: "i32" } }).epoch(0));
    expect([batch.x.dtype, batch.y.dtype]).toEqual(["f32", "i32"]);
  });

  it("names the batch that failed, and keeps what went wrong as the cause", async () => {
    const bad = new TypeError("unreadable");
    const get = (i: number) => {
      if (i === 9) throw bad;
      return { x: [i], y: i };
    };
    const loader = new DataLoader({ length: n, get }, { batchSize: 4, prefetch: 3 });
    const seen: number[] = [];
    const run = async (): Promise<void> => {
      for await (const { index } of loader.epoch(5)) seen.push(index);
    };
    await expect(run()).rejects.toMatchObject({
      message: "DataLoader: batch 2 of epoch 5: unreadable",
      cause: bad,
    });
    expect(seen).toEqual([0, 1]);
    expect(loader.state()).toMatchObject({ epoch: 5, batch: 2 });
  });

  it("closes a stream that is left early", async () => {
    let closed = 0;
    function* items() {
      try {
        for (let i = 0; ; i++) yield { x: [i], y: i };
      } finally {
        closed++;
      }
    }
    for await (const { index } of new DataLoader(() => items(), {
      batchSize: 2,
      prefetch: 2,
    }).epoch(0))
      if (index === 3) break;
    expect(closed).toBe(1);
  });

  it("says what does not go together", async () => {
    expect(() => new DataLoader(data, { shuffle: true })).toThrow(/needs a key/);
    expect(() => new DataLoader(() => [], { shuffle: true, key: random.key(0) })).toThrow(
      /stream cannot be shuffled/,
    );
    expect(() => new DataLoader(data, { batchSize: 0 })).toThrow(/batchSize must be .* got 0/);
    expect(() => new DataLoader(data, { prefetch: -1 })).toThrow(/prefetch/);
    expect(() => new DataLoader(3 as never)).toThrow(/expected a Dataset/);
    expect(() => new DataLoader({ length: 1.5, get: () => ({ x: 0, y: 0 }) })).toThrow(
      /length must be/,
    );
    const loader = new DataLoader(data, { batchSize: 4 });
    await expect(all(loader.epoch(0, { from: 4 }))).rejects.toThrow(/from is 4.*3 batches/);
    await expect(all(loader.epoch(-1))).rejects.toThrow(/the epoch must be/);
    const once = new DataLoader(stream());
    await all(once.epoch(0));
    await expect(all(once.epoch(1))).rejects.toThrow(/only once; give a function/);
    const uneven = { length: 2, get: (i: number) => ({ x: i === 0 ? [1] : [1, 2], y: 0 }) };
    await expect(all(new DataLoader(uneven).epoch(0))).rejects.toThrow(
      /x of example 1 .* shape \[2\]/,
    );
    const short = { length: 2, getBatch: () => ({ x: [[1]], y: [1] }) };
    await expect(all(new DataLoader(short).epoch(0))).rejects.toThrow(/x of the batch must have 2/);
    const half = {
      length: 2,
      get: (i: number) => ({ x: [1], y: 0, ...(i === 0 && { weight: 1 }) }),
    };
    await expect(all(new DataLoader(half).epoch(0))).rejects.toThrow(
      /1 of 2 examples have a weight/,
    );
  });

  it("refuses the state of another loader", () => {
    const loader = new DataLoader(data, { batchSize: 4, shuffle: true, key: random.key(1) });
    const state = loader.state();
    const other = (options: LoaderOptions) => () => new DataLoader(data, options).restore(state);
    expect(other({ batchSize: 5, shuffle: true, key: random.key(1) })).toThrow(
      /batchSize 4, this loader 5/,
    );
    expect(other({ batchSize: 4, shuffle: true, key: random.key(2) })).toThrow(/shuffle \[0,1\]/);
    expect(other({ batchSize: 4 })).toThrow(/shuffle/);
    expect(() => loader.restore(null as never)).toThrow(/version/);
    expect(() => loader.restore({ ...state, batch: 9 })).toThrow(/batch is 9/);
    expect(() => loader.restore({ ...state, epoch: -1 })).toThrow(/epoch/);
  });
});

describe("workers", () => {
  const ys = async (loader: DataLoader): Promise<unknown[]> =>
    (await all(loader.epoch(0))).flatMap(({ y }) => y as number[]);

  it("make the batches, several at once, which come in order", async () => {
    const loader = new DataLoader(worker("squares", { slow: true }), { batchSize: 2, workers: 2 });
    const found = await all(loader.epoch(0));
    expect(found.flatMap(({ x }) => x)).toEqual(Array.from({ length: n }, (_, i) => [i * i]));
    const threads = new Set(found.flatMap(({ weights }) => weights as number[]));
    expect(threads.has(0)).toBe(false);
    expect(threads.size).toBe(2);
    await loader.close();
  });

  it("give the same as the function called here, and go on exactly too", async () => {
    const options = { batchSize: 4, shuffle: true, key: random.key(2) };
    const inWorkers = new DataLoader(worker("squares"), options);
    const here = new DataLoader(
      {
        length: n,
        getBatch: (rows) => ({ x: rows.map((i) => [i * i]), y: Int32Array.from(rows) }),
      },
      options,
    );
    const strip = (batches: Plain[]) => batches.map(({ x, y, rows }) => ({ x, y, rows }));
    expect(strip(await all(inWorkers.epoch(1)))).toEqual(strip(await all(here.epoch(1))));
    expect(strip(await all(inWorkers.epoch(1, { from: 2 })))).toEqual(
      strip(await all(here.epoch(1, { from: 2 }))),
    );
    await inWorkers.close();
  });

  it("may hand out parts of what they keep", async () => {
    const loader = new DataLoader(worker("views"), { batchSize: 4 });
    for (let again = 0; again < 2; again++)
      expect((await all(loader.epoch(again))).flatMap(({ x }) => x)).toEqual(
        Array.from({ length: n }, (_, i) => i * i),
      );
    await loader.close();
  });

  it("that fail say at which batch, and the next one is still made", async () => {
    const loader = new DataLoader(worker("squares", { failAt: 5 }), { batchSize: 4 });
    await expect(ys(loader)).rejects.toThrow(
      "DataLoader: batch 1 of epoch 0: RangeError: row 5 is bad",
    );
    expect((await all(loader.epoch(0, { from: 2 }))).length).toBe(1);
    await loader.close();
  });

  it("that end by themselves, or have no such function, are an error and no silence", async () => {
    const dying = new DataLoader(worker("squares", { dieAt: 5 }), { batchSize: 4, prefetch: 0 });
    await expect(ys(dying)).rejects.toThrow(
      /batch 1 of epoch 0: a worker ended by itself with code 3/,
    );
    const missing = new DataLoader(worker("nothing"));
    await expect(ys(missing)).rejects.toThrow(/has no function called nothing/);
    const wrong = new DataLoader(worker("notMaker"));
    await expect(ys(wrong)).rejects.toThrow(/must give a function that makes a batch/);
    const nowhere = new DataLoader({ length: 1, getBatch: { module: "/nowhere.mjs" } });
    await expect(ys(nowhere)).rejects.toThrow(/nowhere/);
    for (const loader of [dying, missing, wrong, nowhere]) await loader.close();
  });

  it("keep the process alive while a batch is awaited, and not longer", async () => {
    const held = () =>
      process.getActiveResourcesInfo().filter((kind) => kind === "MessagePort").length;
    const before = held();
    const loader = new DataLoader(worker("squares", { slow: true }), { batchSize: 4, workers: 2 });
    const batches = loader.epoch(0);
    await batches.next();
    expect(held()).toBeGreaterThan(before);
    for await (const _ of batches);
    expect(held()).toBe(before);
    await loader.close();
  });

  it("that were closed make no more", async () => {
    const loader = new DataLoader(worker("squares"), { batchSize: 4 });
    await ys(loader);
    await loader.close();
    await expect(ys(loader)).rejects.toThrow(/the loader is closed/);
  });
});
