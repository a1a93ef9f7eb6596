import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built command, as a shell would call it. */

export const commandFile = fileURLToPath(
  new URL("../../packages/inkgrad/dist/cli/main.js", import.meta.url),
);

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ctrl-C as soon as the output, of both kinds, has this. */
  readonly interruptAt?: RegExp;
  /** Another signal than that of Ctrl-C. */
  readonly signal?: "SIGINT" | "SIGTERM";
}

export function inkgrad(
  args: readonly string[],
  { cwd, env = {}, interruptAt, signal = "SIGINT" }: RunOptions,
): Promise<Ran> {
  if (!existsSync(commandFile))
    throw new Error('the library is not built: run "npm run build" first');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [commandFile, ...args], {
      cwd,
      env: { ...process.env, INKGRAD_DATA: "", ...env },
    });
    let [out, err, interrupted] = ["", "", false];
    const look = (): void => {
      if (interrupted || interruptAt?.test(out + err) !== true) return;
      interrupted = true;
      child.kill(signal);
    };
    child.stdout.on("data", (text: Buffer) => ((out += String(text)), look()));
    child.stderr.on("data", (text: Buffer) => ((err += String(text)), look()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
}
