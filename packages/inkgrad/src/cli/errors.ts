import { CommanderError } from "commander";
import { InkgradError, InternalError } from "../base/errors.js";

/** How the command ends: its exit codes, and what it says when something goes wrong. */

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  interrupted: 130,
  terminated: 143,
} as const;

/** The command was called in a way that makes no sense; help says how it is meant. */
export class UsageError extends InkgradError {
  static {
    this.prototype.name = "UsageError";
  }
}

/** Ctrl-C, or a request to end, after everything was put in order. */
export class Interrupted extends InkgradError {
  static {
    this.prototype.name = "Interrupted";
  }
  constructor(
    message: string,
    readonly exitCode: number,
    /** What is worth knowing for a program: where to go on from. */
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

export interface Failure {
  readonly exitCode: number;
  /** For people. Empty if it has been said already. */
  readonly text: string;
  /** For `--json`. */
  readonly result: Readonly<Record<string, unknown>>;
}

/** What to say of something that was thrown, and how to end. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) {
    // Help and the version were asked for: that is no failure. Commander has printed all else.
    const exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    const message = error.message.replace(/^error: /, "");
    return { exitCode, text: "", result: { error: { name: "UsageError", message } } };
  }
  if (error instanceof Interrupted) {
    const result = { interrupted: true, ...error.details };
    return { exitCode: error.exitCode, text: error.message, result };
  }
  const { name, message, stack } = asError(error);
  const result = { error: { name, message } };
  if (error instanceof InkgradError && !(error instanceof InternalError)) {
    const exitCode = error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
    return { exitCode, text: `inkgrad: ${message}`, result };
  }
  const text =
    `${stack ?? message}\n` +
    "inkgrad: this is a defect of inkgrad, not of what you did; please report it with the lines above.";
  return { exitCode: exitCodes.failed, text, result };
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));
