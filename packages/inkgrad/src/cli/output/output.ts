import type { WriteStream } from "node:tty";
import pc from "picocolors";

/**
 * Where the command writes. People read stdout; with `--json` they read stderr, and stdout has one
 * JSON object and nothing else.
 */
export interface Output {
  readonly json: boolean;
  /** Is there a terminal in which lines can be drawn again? */
  readonly live: boolean;
  /** Characters of a line. */
  readonly columns: number;
  readonly colours: Colours;
  /** A text for people, as lines of its own. */
  say(text?: string): void;
  /** What should not be overlooked. Goes to stderr, always. */
  warn(text: string): void;
  /** Draws text over the line that was drawn last; for terminals alone. */
  redraw(text: string): void;
  /** Ends the line that is drawn again and again, as it stands. */
  settle(): void;
  /** The result for programs: printed if `--json` was given, and once only. */
  result(value: Readonly<Record<string, unknown>>): void;
}

export type Colours = ReturnType<typeof pc.createColors>;

export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const clearLine = "\r\u001b[2K";

export function createOutput(
  { json }: { readonly json: boolean },
  { stdout, stderr, env }: Streams = process,
): Output {
  const people = json ? stderr : stdout;
  const terminal = isTerminal(people) && env.TERM !== "dumb";
  const coloured = terminal && (env.NO_COLOR ?? "") === "";
  let drawn = "";
  let printed = false;
  const write = (stream: NodeJS.WritableStream, text: string): void => {
    if (drawn !== "") people.write(clearLine);
    stream.write(`${text}\n`);
    if (drawn !== "") people.write(drawn);
  };
  return {
    json,
    live: terminal,
    get columns() {
      // Some terminals say that they have none.
      return (people as Partial<WriteStream>).columns || 80;
    },
    colours: pc.createColors(coloured),
    say: (text = "") => write(people, text),
    warn: (text) => write(stderr, text),
    redraw(text) {
      if (!terminal || text === drawn) return;
      people.write(`${clearLine}${text}`);
      drawn = text;
    },
    settle() {
      if (drawn === "") return;
      drawn = "";
      people.write("\n");
    },
    result(value) {
      if (!json || printed) return;
      printed = true;
      stdout.write(`${JSON.stringify(value)}\n`);
    },
  };
}

const isTerminal = (stream: NodeJS.WritableStream): boolean =>
  (stream as Partial<WriteStream>).isTTY === true;
