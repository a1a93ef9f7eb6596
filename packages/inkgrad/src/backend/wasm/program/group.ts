import { bytesPer } from "../../../base/dtype.js";
import { sizeOf, stridesOf } from "../../../base/shape.js";
import {
  type Access,
  type Buffer,
  type Kernel,
  loadsOf,
  type MatmulKernel,
  type OperationKernel,
  readsOf,
  writesOf,
} from "../../program.js";

/**
 * Kernels that are done together, some rows at a time, so that what one leaves to the next is still
 * in the cache: a product with its bias and activation, the passes of a softmax, a gradient and the
 * update that it is for. Each row of what a later one reads comes from the same row of what an
 * earlier one writes.
 */
export interface Group {
  readonly kernels: readonly Kernel[];
  /** Length of the axis that all have in front; some may go by as many rows within each of these. */
  readonly rows: number;
}

/** How far apart kernels may stand that are done together. */
const reach = 64;
const mostKernels = 12;
/** What is smaller stays in the cache anyway. */
const worthGrouping = 32 * 1024;
/** What is this small beside a kernel's result may be computed sooner for its sake. */
const littleOf = 1 / 4;

/**
 * Kernels in groups, in an order that computes the same.
 *
 * @param alone  says which ones are to be groups by themselves
 */
export function groupKernels(
  kernels: readonly Kernel[],
  place: (buffer: Buffer) => Buffer,
  alone: (kernel: Kernel) => boolean,
): Group[] {
  const groups: Group[] = [];
  for (const kernel of kernels) {
    if (alone(kernel)) groups.push({ kernels: [kernel], rows: 0 });
    else if (!joinsOne(groups, kernel, place))
      groups.push({ kernels: [kernel], rows: rowsOf(kernel) });
  }
  return groups;
}

/**
 * Adds a kernel to a group before it, if that may wait for it or it may come sooner, with what it
 * needs of what stands between, if that is little: that goes in front of the group.
 */
function joinsOne(groups: Group[], kernel: Kernel, place: (buffer: Buffer) => Buffer): boolean {
  const alone = { kernels: [kernel], rows: rowsOf(kernel) };
  for (let i = groups.length - 1; i >= Math.max(0, groups.length - reach); i--) {
    const group = groups[i];
    if (!fits(group, kernel, place)) continue;
    const between = groups.slice(i + 1);
    const apart = (other: Group): boolean => independent(group, other, place);
    const needed: Group[] = [];
    for (const other of [...between].reverse())
      if (![alone, ...needed].every((later) => independent(other, later, place)))
        needed.unshift(other);
    const little = writtenBytes(needed, place) <= littleOf * writtenBytes([alone], place);
    if (!needed.every(apart) || !little) {
      if (!between.every(apart)) continue;
      groups.splice(i, 1);
      groups.push({ kernels: [...group.kernels, kernel], rows: alone.rows });
      return true;
    }
    const rest = between.filter((other) => !needed.includes(other));
    const joined = { kernels: [...group.kernels, kernel], rows: alone.rows };
    groups.splice(i, groups.length - i, ...needed, joined, ...rest);
    joinEarlier(groups, i + needed.length, place);
    return true;
  }
  return false;
}

/** What the last kernel of a group reads of a group before it joins, too, if it can wait so long. */
function joinEarlier(groups: Group[], at: number, place: (buffer: Buffer) => Buffer): void {
  const group = groups[at];
  const last = group.kernels.at(-1)!;
  const wanted = readsOf(last).map(place);
  for (let i = at - 1; i >= Math.max(0, at - reach); i--) {
    const { kernels, rows } = groups[i];
    if (rows !== group.rows || !kernels.every((kernel) => hasRows(kernel, rows))) continue;
    if (!writesIn(groups[i], place).some((buffer) => wanted.includes(buffer))) continue;
    const before = group.kernels.slice(0, -1);
    const others = [...groups.slice(i + 1, at), { kernels: before, rows }];
    if (!others.every((other) => independent(groups[i], other, place))) continue;
    const all = [...before, ...kernels];
    if (!fits({ kernels: all, rows }, last, place)) continue;
    groups.splice(at, 1, { kernels: [...all, last], rows });
    groups.splice(i, 1);
    return;
  }
}

const readsIn = ({ kernels }: Group, place: (buffer: Buffer) => Buffer): Buffer[] =>
  kernels.flatMap(readsOf).map(place);
const writesIn = ({ kernels }: Group, place: (buffer: Buffer) => Buffer): Buffer[] =>
  kernels.flatMap(writesOf).map(place);

const writtenBytes = (groups: readonly Group[], place: (buffer: Buffer) => Buffer): number =>
  bytesIn(new Set(groups.flatMap((group) => writesIn(group, place))));

/** May two groups change places? */
function independent(a: Group, b: Group, place: (buffer: Buffer) => Buffer): boolean {
  const [readA, writtenA] = [readsIn(a, place), writesIn(a, place)];
  const [readB, writtenB] = [readsIn(b, place), writesIn(b, place)];
  return (
    !writtenA.some((buffer) => readB.includes(buffer) || writtenB.includes(buffer)) &&
    !readA.some((buffer) => writtenB.includes(buffer))
  );
}

/** Length of a kernel's first axis; 0 where there is none to go by. */
export function rowsOf(kernel: Kernel): number {
  switch (kernel.kind) {
    case "loop":
      return kernel.space[0] ?? 0;
    case "reduce":
      return kernel.outer[0] ?? 0;
    case "matmul":
      return kernel.batch[0] ?? kernel.m;
    case "operation":
      return 0;
  }
}

/**
 * Can this kernel be done some rows at a time, behind the others? A product can where its rows are
 * whole matrices; then many rows of what is before it may make one.
 */
function hasRows(kernel: Kernel, rows: number): boolean {
  const own = rowsOf(kernel);
  if (kernel.kind === "loop" || kernel.kind === "reduce") return own === rows;
  return kernel.kind === "matmul" && kernel.batch.length > 0 && own >= 8 && rows % own === 0;
}

function fits(group: Group, kernel: Kernel, place: (buffer: Buffer) => Buffer): boolean {
  const { rows, kernels } = group;
  if (rows < 4 || kernels.length >= mostKernels || !hasRows(kernel, rows)) return false;
  const written = writesIn(group, place);
  const writing = writesOf(kernel).map(place);
  const touches = [...kernels, kernel].map(accessesOf);
  // Whatever one writes and another touches must be touched row by row.
  const touchedTwice = (buffer: Buffer): boolean =>
    written.includes(place(buffer)) || writing.includes(place(buffer));
  if (!touches.flat().every((touch) => !touchedTwice(touch.access.buffer) || inRow(touch)))
    return false;
  // It pays if enough of what this one reads is in the cache, row by row, by then.
  const near = new Set(
    touches
      .slice(0, -1)
      .flat()
      .filter(inRow)
      .map(({ access }) => place(access.buffer)),
  );
  const shared = new Set(
    touches
      .at(-1)!
      .filter((touch) => inRow(touch) && near.has(place(touch.access.buffer)))
      .map(({ access }) => place(access.buffer)),
  );
  // What is small itself may stand between two that share much.
  const needed = [...shared].some((buffer) => written.includes(buffer));
  return bytesIn(needed ? near : shared) >= worthGrouping;
}

/** Does an access go over its buffer as it lies? */
export const isPlain = ({ buffer, layout: { shape, strides, offset } }: Access): boolean =>
  offset === 0 &&
  sizeOf(shape) === buffer.elements &&
  stridesOf(shape).every((stride, axis) => stride === strides[axis] || shape[axis] === 1);

const bytesIn = (buffers: ReadonlySet<Buffer>): number =>
  [...buffers].reduce((sum, { elements, dtype }) => sum + elements * bytesPer(dtype), 0);

interface Touch {
  readonly access: Access;
  /** Length of its first axis, if that is the one of the kernel's rows; else 0. */
  readonly rows: number;
}

const inRow = ({ access, rows }: Touch): boolean => rows > 0 && staysInRow(access, rows);

const whole = (buffer: Buffer, rows: number): Access => ({
  buffer,
  layout: {
    shape: [rows, buffer.elements / rows],
    strides: [buffer.elements / rows, 1],
    offset: 0,
  },
});

/** A result that comes row by row from all that is read. */
const ofRowsOf = (kernel: MatmulKernel | OperationKernel): Touch[] => {
  const rows = rowsOf(kernel) || 1;
  return [
    { access: whole(kernel.to, rows), rows },
    ...readsOf(kernel).map((buffer) => ({ access: whole(buffer, 1), rows: 0 })),
  ];
};

function accessesOf(kernel: Kernel): Touch[] {
  const rows = rowsOf(kernel);
  switch (kernel.kind) {
    case "loop":
      return kernel.stores.flatMap(({ value, to }) =>
        [to, ...loadsOf(value).map(({ from }) => from)].map((access) => ({ access, rows })),
      );
    case "reduce":
      return kernel.folds.flatMap(({ value, to }) =>
        [whole(to, kernel.outer[0] ?? 1), ...loadsOf(value).map(({ from }) => from)].map(
          (access) => ({ access, rows }),
        ),
      );
    case "matmul":
      // Whole matrices, each from its own; or rows of one, each from all of the right side.
      return kernel.batch.length > 0
        ? [whole(kernel.to, rows), kernel.x, kernel.y].map((access) => ({ access, rows }))
        : ofRowsOf(kernel);
    case "operation":
      return ofRowsOf(kernel);
  }
}

/** Does each row of an access lie within the same row of the buffer? */
function staysInRow({ buffer, layout }: Access, rows: number): boolean {
  const row = buffer.elements / rows;
  const [step, ...inner] = layout.strides;
  if (!Number.isInteger(row) || step !== row || layout.shape[0] !== rows) return false;
  let [least, most] = [layout.offset, layout.offset];
  inner.forEach((stride, i) => {
    const reach = (layout.shape[i + 1] - 1) * stride;
    if (reach < 0) least += reach;
    else most += reach;
  });
  return least >= 0 && most < row;
}
