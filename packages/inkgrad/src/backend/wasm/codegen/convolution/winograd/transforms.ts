import type { FunctionBuilder, Local } from "../../../assembler/function.js";

/**
 * Minimal filtering F(4×4, 3×3): 4×4 results of a 3×3 window from 6×6 elements with 36 products a
 * pair of channels instead of 144. Elements d, kernel g and products m go through
 * y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A; the gradient to the kernel is Gᵀ [(A y Aᵀ) ⊙ (Bᵀ d B)] G.
 *
 * The polynomials are taken at 0, ±1/√2, ±√2 and ∞. With the usual 0, ±1, ±2, ∞ the numbers that
 * cancel are larger, and so are the errors.
 *
 * @source Winograd, "Arithmetic complexity of computations", 1980; Lavin & Gray, "Fast algorithms
 *   for convolutional neural networks", arXiv:1509.09308
 */

/** Results along one axis of a tile, and elements that they need. */
export const tileSize = 4;
export const reachSize = 6;
/** Products of a tile. */
export const frequencies = 36;

const a = Math.SQRT1_2;
const b = Math.SQRT2;

type Push = (f: FunctionBuilder) => void;

/** Writes sums of vectors of f32; constants stay in locals. */
export class Arithmetic {
  private readonly constants = new Map<number, Local>();

  constructor(
    private readonly f: FunctionBuilder,
    values: readonly number[],
  ) {
    for (const value of values) {
      const local = f.local("v128");
      f.f32x4(value).set(local);
      this.constants.set(value, local);
    }
  }

  plus(x: Push, y: Push): Push {
    return (f) => {
      x(f);
      y(f);
      f.op("f32x4.add");
    };
  }

  minus(x: Push, y: Push): Push {
    return (f) => {
      x(f);
      y(f);
      f.op("f32x4.sub");
    };
  }

  times(factor: number, x: Push): Push {
    const constant = this.constants.get(factor);
    return (f) => {
      x(f);
      if (constant === undefined) f.f32x4(factor);
      else f.get(constant);
      f.op("f32x4.mul");
    };
  }

  /** Computes a value once, for several uses. */
  keep(value: Push): Push {
    const local = this.f.local("v128");
    value(this.f);
    this.f.set(local);
    this.kept.push(local);
    return (f) => f.get(local);
  }
  private kept: Local[] = [];

  releaseKept(): void {
    this.f.release(...this.kept);
    this.kept = [];
  }

  release(): void {
    this.f.release(...this.constants.values());
  }
}

/** One axis of a transform. */
export interface Transform {
  readonly inputs: number;
  readonly outputs: number;
  readonly constants: readonly number[];
  readonly of: (m: Arithmetic, x: readonly Push[]) => readonly Push[];
}

/** Bᵀ: elements. */
export const ofElements: Transform = {
  inputs: 6,
  outputs: 6,
  constants: [2.5, 2, 0.5, a, b],
  of(m, [d0, d1, d2, d3, d4, d5]) {
    const evenA = m.keep(m.minus(d4, m.times(2, d2)));
    const oddA = m.keep(m.times(a, m.minus(d3, m.times(2, d1))));
    const evenB = m.keep(m.minus(d4, m.times(0.5, d2)));
    const oddB = m.keep(m.times(b, m.minus(d3, m.times(0.5, d1))));
    return [
      m.minus(m.plus(d0, d4), m.times(2.5, d2)),
      m.plus(evenA, oddA),
      m.minus(evenA, oddA),
      m.plus(evenB, oddB),
      m.minus(evenB, oddB),
      m.minus(m.plus(d1, d5), m.times(2.5, d3)),
    ];
  },
};

/** Aᵀ: products to results. */
export const ofProducts: Transform = {
  inputs: 6,
  outputs: 4,
  constants: [a, b, 0.5, 2, a / 2, b * 2],
  of(m, [m0, m1, m2, m3, m4, m5]) {
    const sumA = m.keep(m.plus(m1, m2));
    const differenceA = m.keep(m.minus(m1, m2));
    const sumB = m.keep(m.plus(m3, m4));
    const differenceB = m.keep(m.minus(m3, m4));
    return [
      m.plus(m0, m.plus(sumA, sumB)),
      m.plus(m.times(a, differenceA), m.times(b, differenceB)),
      m.plus(m.times(0.5, sumA), m.times(2, sumB)),
      m.plus(m.plus(m.times(a / 2, differenceA), m.times(b * 2, differenceB)), m5),
    ];
  },
};

/** G: the kernel. */
export const ofKernel: Transform = {
  inputs: 3,
  outputs: 6,
  constants: [],
  of(m, [g0, g1, g2]) {
    const evenA = m.keep(m.times(-2 / 3, m.plus(g0, m.times(0.5, g2))));
    const oddA = m.keep(m.times((-2 / 3) * a, g1));
    const evenB = m.keep(m.times(1 / 6, m.plus(g0, m.times(2, g2))));
    const oddB = m.keep(m.times(b / 6, g1));
    return [
      g0,
      m.plus(evenA, oddA),
      m.minus(evenA, oddA),
      m.plus(evenB, oddB),
      m.minus(evenB, oddB),
      g2,
    ];
  },
};

/** A: what reaches the results. */
export const ofCotangent: Transform = {
  inputs: 4,
  outputs: 6,
  constants: [0.5, 2, a, b],
  of(m, [g0, g1, g2, g3]) {
    const evenA = m.keep(m.plus(g0, m.times(0.5, g2)));
    const oddA = m.keep(m.times(a, m.plus(g1, m.times(0.5, g3))));
    const evenB = m.keep(m.plus(g0, m.times(2, g2)));
    const oddB = m.keep(m.times(b, m.plus(g1, m.times(2, g3))));
    return [
      g0,
      m.plus(evenA, oddA),
      m.minus(evenA, oddA),
      m.plus(evenB, oddB),
      m.minus(evenB, oddB),
      g3,
    ];
  },
};

/** Gᵀ: sums of products to the kernel's gradient. */
export const ofSums: Transform = {
  inputs: 6,
  outputs: 3,
  constants: [],
  of(m, [u0, u1, u2, u3, u4, u5]) {
    const sumA = m.keep(m.plus(u1, u2));
    const differenceA = m.minus(u1, u2);
    const sumB = m.keep(m.plus(u3, u4));
    const differenceB = m.minus(u3, u4);
    return [
      m.plus(u0, m.plus(m.times(-2 / 3, sumA), m.times(1 / 6, sumB))),
      m.plus(m.times((-2 / 3) * a, differenceA), m.times(b / 6, differenceB)),
      m.plus(m.plus(m.times(-1 / 3, sumA), m.times(1 / 3, sumB)), u5),
    ];
  },
};

/** Bytes of memory that a transform needs between its axes. */
export const betweenBytes = frequencies * 16;

/**
 * Both axes of a transform: `load` leaves the vector (i, j) on the stack, `store` takes one of the
 * results. What is between the axes goes through memory at `between`: it is too much for registers.
 */
export function emitTransform(
  f: FunctionBuilder,
  m: Arithmetic,
  { inputs, outputs, of }: Transform,
  between: Local,
  load: (i: number, j: number) => void,
  store: (i: number, j: number, push: () => void) => void,
): void {
  const x = f.locals(inputs, "v128");
  const pushes = x.map(
    (local): Push =>
      (g) =>
        g.get(local),
  );
  for (let j = 0; j < inputs; j++) {
    x.forEach((local, i) => {
      load(i, j);
      f.set(local);
    });
    of(m, pushes).forEach((push, i) => {
      f.get(between);
      push(f);
      f.mem("v128.store", (i * inputs + j) * 16, 2);
    });
    m.releaseKept();
  }
  for (let i = 0; i < outputs; i++) {
    x.forEach((local, j) => {
      f.get(between)
        .mem("v128.load", (i * inputs + j) * 16, 2)
        .set(local);
    });
    of(m, pushes).forEach((push, j) => {
      store(i, j, () => {
        push(f);
      });
    });
    m.releaseKept();
  }
  f.release(...x);
}
