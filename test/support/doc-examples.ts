// Turns the ```ts blocks of a Markdown page into one module that checks the values
// which the page claims. CONTRIBUTING.md describes the notation for writers.
import ts from "typescript";

/** A ```ts block: its first line in the page (counted from 0) and its lines. */
interface Block {
  start: number;
  lines: string[];
}

/** The ```ts blocks of a page in order, without those marked `no-run`. */
export function tsBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  let fence: string | undefined;
  markdown.split("\n").forEach((line, number) => {
    const marker = /^(`{3,})\s*(.*?)\s*$/.exec(line);
    if (fence === undefined && marker) {
      fence = marker[1];
      open = marker[2] === "ts" ? { start: number + 1, lines: [] } : undefined;
    } else if (fence !== undefined && marker && marker[2] === "" && marker[1] === fence) {
      if (open) blocks.push(open);
      open = fence = undefined;
    } else {
      open?.lines.push(line);
    }
  });
  if (fence !== undefined) throw new Error(`a ${fence} block is never closed`);
  return blocks;
}

/**
 * The module of some blocks of a page. Every line keeps its number, so that an error
 * in line 12 of the module is in line 12 of the page. Claims become calls of
 * `claim(value, text, line)` and `claimThrows(run, text, line)`, which the caller provides.
 */
export function moduleOf(blocks: Block[]): { code: string; claims: number } {
  const source: string[] = [];
  for (const { start, lines } of blocks) {
    lines.forEach((line, i) => (source[start + i] = line));
  }
  const text = Array.from(source, (line) => line ?? "").join("\n");
  const file = ts.createSourceFile("page.ts", text, ts.ScriptTarget.Latest, true);
  const edits: Edit[] = [];
  const imported = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) edits.push(...importOnce(statement, imported, file));
    else edits.push(...claimOf(statement, file));
  }
  const claims = edits.filter(({ text }) => text.includes("await claim")).length;
  return { code: applied(edits, text), claims };
}

interface Edit {
  from: number;
  to: number;
  text: string;
}

function applied(edits: Edit[], text: string): string {
  let code = text;
  for (const edit of [...edits].sort((a, b) => b.from - a.from)) {
    code = code.slice(0, edit.from) + edit.text + code.slice(edit.to);
  }
  return code;
}

/** Later blocks of a page may import again what an earlier one imported. */
function importOnce(
  statement: ts.ImportDeclaration,
  imported: Set<string>,
  file: ts.SourceFile,
): Edit[] {
  const names = statement.importClause?.namedBindings;
  if (names === undefined || !ts.isNamedImports(names)) return [];
  const kept = names.elements
    .map((name) => name.getText(file))
    .filter((name) => !imported.has(name));
  for (const name of kept) imported.add(name);
  const lines = names.getText(file).split("\n").length - 1;
  const text = `{ ${kept.join(", ")} ${"\n".repeat(lines)}}`;
  return [{ from: names.getStart(file), to: names.getEnd(), text }];
}

/** What follows a statement on its last line: `// → value`, perhaps with `  (a remark)`. */
const CLAIM = /^[^\S\n]*\/\/ → ([^\n]*?)(?:[^\S\n]{2,}\([^\n]*\))?[^\S\n]*(?=\n|$)/;

function claimOf(statement: ts.Statement, file: ts.SourceFile): Edit[] {
  const end = statement.getEnd();
  const expected = CLAIM.exec(file.text.slice(end))?.[1];
  if (expected === undefined) return [];
  const line = file.getLineAndCharacterOfPosition(end).line + 1;
  const rest = `${JSON.stringify(expected)}, ${line});`;
  if (ts.isExpressionStatement(statement)) {
    const { expression } = statement;
    const value = `(${expression.getText(file)})`;
    const error = /^throws (.+)$/.exec(expected)?.[1];
    const text =
      error === undefined
        ? `await claim(${value}, ${rest}`
        : `await claimThrows(() => ${value}, ${JSON.stringify(error)}, ${line});`;
    return [{ from: statement.getStart(file), to: end, text }];
  }
  if (ts.isVariableStatement(statement)) {
    const names = statement.declarationList.declarations.map(({ name }) => name.getText(file));
    if (names.length === 1)
      return [{ from: end, to: end, text: ` await claim(${names[0]}, ${rest}` }];
  }
  throw new Error(`line ${line}: only an expression or one const can be followed by "// → "`);
}

/** A value as the claims of the docs write it: tensors as nested lists, numbers in full. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value !== "object" || value === null) return String(value);
  if ("toArray" in value && typeof value.toArray === "function") return shown(value.toArray());
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (ArrayBuffer.isView(value)) return shown(Array.from(value as unknown as ArrayLike<unknown>));
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${shown(field)}`);
  return `{ ${fields.join(", ")} }`;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[\w$]+|[^\s\w]/g;
const NUMBER = /^-?\d+(?:\.(\d+))?(?:e([+-]?\d+))?$/;

/**
 * Whether a shown value is what the page claims. Spaces do not count, a number has to
 * agree to the decimals that are printed, and `…` stands for any rest.
 */
export function agrees(actual: string, expected: string): boolean {
  if (actual === JSON.stringify(expected)) return true; // a string claimed without quotes
  const got: string[] = actual.match(TOKEN) ?? [];
  const want: string[] = expected.match(TOKEN) ?? [];
  const rest = want.indexOf("…");
  if (rest < 0 ? got.length !== want.length : got.length < rest) return false;
  return (rest < 0 ? want : want.slice(0, rest)).every((token, i) => sameToken(got[i], token));
}

function sameToken(got: string, want: string): boolean {
  const number = NUMBER.exec(want);
  if (!number || !NUMBER.test(got)) return got === want;
  const [, decimals = "", exponent = "0"] = number;
  const [a, b] = [Number(got), Number(want)];
  // Without decimals the number is claimed exactly, up to the rounding of f32.
  const rounding = 2e-6 * Math.abs(b);
  const printed = decimals === "" ? 0 : 0.5 * 10 ** (Number(exponent) - decimals.length);
  return Math.abs(a - b) <= Math.max(rounding, printed);
}
