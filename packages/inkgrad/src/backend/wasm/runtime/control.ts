/**
 * The first page of the memory, by which threads find one another. Numbers are places of 32-bit
 * words, each in a cache line of its own where several threads write.
 */

export const controlBytes = 65536;

/** Counted up when there is something to do. */
export const commandNumber = 0;
/** What it is. */
export const command = {
  program: 16,
  segment: 17,
  base: 18,
  scratch: 19,
  scratchBytes: 20,
  threads: 21,
  moduleAt: 22,
  moduleBytes: 23,
  /** Which workers are meant: each start has its own number. */
  start: 25,
  /** Programs that are gone: how many, and their numbers. */
  drops: 24,
} as const;
export const maxDrops = 64;
export const firstDrop = 32;

/** Threads that have come to the barrier, and how many times all of them have. */
export const arrived = 112;
export const passed = 128;
/** Set when a thread has failed: the others leave at the next barrier. */
export const failed = 144;
/** Threads that have left after a failure. */
export const left = 160;
/** Threads that sleep at the barrier. */
export const asleep = 176;
/** The step that each thread is at, a line each; then whether it is ready. */
export const atStep = 256;
export const ready = 256 + 8;
export const line = 16;
export const maxThreads = 64;
/** Message of the failure: its length, then its characters. */
export const message = 256 + 64 * 16;
export const maxMessage = 256;
