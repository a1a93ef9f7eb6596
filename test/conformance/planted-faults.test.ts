import { elementsOf } from "@src/graph/stored.js";
import { describe, expect, it } from "vitest";
import type { Backend } from "@src/backend/backend.js";
import { reference } from "@src/backend/reference/reference.js";
import type { TypedArray } from "@src/base/dtype.js";
import type { Program } from "@src/backend/program.js";
import type { Op } from "@src/ops/op.js";
import { stopped } from "@src/ops/recipes.js";
import { type OpName, ops } from "@src/ops/table.js";
import { checks } from "./checks.js";
import { requireFirstDerivative, requireSecondDerivative } from "./derivatives.js";
import { subjectsOf } from "./subjects.js";

/** A harness that cannot fail tests nothing: here are faults, and each must be caught. */

type Spoil = (
  results: TypedArray[],
  program: Program,
  inputs: readonly TypedArray[],
) => TypedArray[];

/** The reference, its results spoiled wherever an operation takes part. */
const faulty = (op: OpName, spoil: Spoil): Backend => ({
  ...reference,
  name: "faulty",
  load(program) {
    const executable = reference.load(program);
    return {
      run(inputs, numbers) {
        const results = executable.run(inputs, numbers) as TypedArray[];
        const concerned = program.steps.some(({ node }) => node.op === op);
        return concerned ? spoil(results, program, inputs.map(elementsOf)) : results;
      },
    };
  },
});

const changed = (f: (x: number, i: number) => number): Spoil => {
  return (results) => results.map((array) => array.map(f));
};

describe("a faulty backend is caught", () => {
  const caught = async (sentence: string, op: OpName, spoil: Spoil, message: RegExp) => {
    await expect(checks[sentence](reference, op)).resolves.toBeUndefined();
    await expect(checks[sentence](faulty(op, spoil), op)).rejects.toThrow(message);
  };
  const values = "gives the reference's values";
  const hard = "gives the reference's values for hard inputs";
  const contract = "keeps the contract of results and inputs";

  it("that adds 1e-3 to every sine", async () => {
    await caught(
      values,
      "sin",
      changed((x) => x + 1e-3),
      /sin\(f32 \[\]\).*ulp/,
    );
  });

  it("whose products are 2 units off in the last place", async () => {
    const off = changed((x) => (Number.isInteger(x) ? x : x * (1 + 2 ** -22)));
    await caught(values, "mul", off, /ulp/);
  });

  it("whose sums forget the last element", async () => {
    const short: Spoil = (results, { steps }, inputs) => {
      const whole = steps.length === 1 && steps[0].node.shape.length === 0;
      if (whole && inputs[0].length === 67) results[0][0] -= inputs[0][66];
      return results;
    };
    await caught(values, "sum", short, /\[67\]/);
  });

  it("that takes NaN for the lesser number", async () => {
    await caught(
      hard,
      "maximum",
      changed((x) => (x === x ? x : 0)),
      /expected NaN/,
    );
  });

  it("that loses the sign of zero", async () => {
    await caught(
      hard,
      "neg",
      changed((x) => (x === 0 ? 0 : x)),
      /expected -0/,
    );
  });

  it("that gives infinity where the result is finite", async () => {
    await caught(
      values,
      "exp",
      changed((x) => (x > 3 ? Infinity : x)),
      /Infinity/,
    );
  });

  it("that does not turn round what is flipped", async () => {
    const spoil: Spoil = (results) => results.map((array) => array.slice().reverse());
    const sentence = "takes views for inputs";
    await expect(checks[sentence](faulty("flip", spoil), "exp")).rejects.toThrow(/flipped/);
  });

  it("that returns another type of array", async () => {
    const spoil: Spoil = (results) => results.map((array) => Float64Array.from(array));
    await caught(contract, "add", spoil, /expected Float32Array/);
  });

  it("that returns too few elements", async () => {
    const spoil: Spoil = (results) => results.map((array) => array.subarray(1));
    await caught(contract, "add", spoil, /got Float32Array of 0/);
  });

  it("that returns the memory of its input", async () => {
    const spoil: Spoil = (results, _program, inputs) => results.map(() => inputs[0]);
    await caught(contract, "identity", spoil, /shares its memory/);
  });

  it("that writes into its input", async () => {
    const spoil: Spoil = (results, _program, inputs) => {
      if (inputs[0].length > 0) inputs[0][0] += 1;
      return results;
    };
    await caught(contract, "neg", spoil, /input 0 was changed/);
  });

  it("whose gradients are wrong where they are fused", async () => {
    const spoil = changed((x) => x * 1.001);
    const sentence = "has a gradient graph that runs as one program";
    await expect(checks[sentence](faulty("cos", spoil), "sin")).rejects.toThrow(/gradient 0/);
  });
});

describe("a faulty rule is caught", () => {
  /** Puts another rule in an operation's place for the time of `f`. */
  async function planted(
    name: OpName,
    rule: Partial<Op<"any">>,
    f: () => void | Promise<void>,
  ): Promise<void> {
    const table = ops as unknown as Record<string, Op<"any">>;
    const sound = table[name];
    table[name] = { ...sound, ...rule };
    try {
      await f();
    } finally {
      table[name] = sound;
    }
  }
  const subject = subjectsOf("sin").find(
    ({ dtype, samples }) => dtype === "f64" && samples[0].values.length > 4,
  )!;

  it("a gradient of the wrong sign", async () => {
    requireFirstDerivative(subject);
    await planted(
      "sin",
      { vjp: (b, { src: [x], cotangent }) => [b.neg(b.mul(cotangent, b.cos(x)))] },
      () => {
        expect(() => requireFirstDerivative(subject)).toThrow(/input 0 has slope/);
      },
    );
  });

  it("a gradient that is off by a millionth", async () => {
    await planted(
      "sin",
      { vjp: (b, { src: [x], cotangent }) => [b.mul(b.mul(cotangent, b.cos(x)), 1.000001)] },
      () => {
        expect(() => requireFirstDerivative(subject)).toThrow(/input 0 has slope/);
      },
    );
  });

  it("a gradient that cannot be differentiated again", async () => {
    requireSecondDerivative(subject);
    await planted(
      "sin",
      { vjp: (b, { src: [x], cotangent }) => [b.mul(cotangent, stopped(b, b.cos(x)))] },
      () => {
        requireFirstDerivative(subject);
        expect(() => requireSecondDerivative(subject)).toThrow(/second derivative: input 0/);
      },
    );
  });

  it("a batching rule that takes the batch axis for one of its own", async () => {
    const sentence = "does for a batch what a loop would";
    await expect(checks[sentence](reference, "cumsum")).resolves.toBeUndefined();
    await planted("cumsum", { batch: (_b, { src, attrs, again }) => again(src, attrs) }, () =>
      expect(checks[sentence](reference, "cumsum")).rejects.toThrow(/batched inputs 1/),
    );
  });
});
