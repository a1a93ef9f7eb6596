import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** Compiles fixtures as `tsc -p tsconfig.json` would, and hands out what the compiler says. */

const root = fileURLToPath(new URL("../../", import.meta.url));
export const fixture = (name: string): string => `${root}test/types/fixtures/${name}`;

export interface Said {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

export interface Compiled {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  said(file: string): Said[];
}

/**
 * @param files    on disk
 * @param written  text of files that exist only here, by path
 */
export function compile(
  files: readonly string[],
  written: Readonly<Record<string, string>> = {},
): Compiled {
  const config = ts.getParsedCommandLineOfConfigFile(
    `${root}tsconfig.json`,
    { noEmit: true, skipLibCheck: true },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (d) => {
        throw new Error(ts.flattenDiagnosticMessageText(d.messageText, "\n"));
      },
    },
  )!;
  const host = ts.createCompilerHost(config.options);
  const read = (path: string): string | undefined => {
    if (Object.hasOwn(written, path)) return written[path];
    const text = ts.sys.readFile(path);
    // The expected errors shall be seen.
    return path.includes("/fixtures/") ? text?.replaceAll("@ts-expect-error", "expected:") : text;
  };
  host.readFile = read;
  host.fileExists = (path) => Object.hasOwn(written, path) || ts.sys.fileExists(path);
  host.getSourceFile = (path, options) => {
    const text = read(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, options);
  };
  const program = ts.createProgram([...files, ...Object.keys(written)], config.options, host);
  return {
    program,
    checker: program.getTypeChecker(),
    said: (file) => diagnostics(program, file),
  };
}

function diagnostics(program: ts.Program, file: string): Said[] {
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file} is not part of the program`);
  return [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ].map((d) => ({
    file,
    line: source.getLineAndCharacterOfPosition(d.start ?? 0).line + 1,
    text: ts.flattenDiagnosticMessageText(d.messageText, "\n"),
  }));
}

/** The sentences a fixture expects, each with the line it is about. */
export function expectations(file: string): { line: number; sentence: string }[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((text, i) => {
    const found = /@ts-expect-error "(.*)"\s*$/.exec(text);
    if (found !== null) return [{ line: i + 2, sentence: found[1] }];
    if (text.trimStart().startsWith("// @ts-expect-error"))
      throw new Error(`${file}:${i + 1} expects an error without a sentence in quotes`);
    return [];
  });
}
