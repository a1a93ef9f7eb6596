import ts from "typescript";
import { compile, fixture } from "./compile.js";

/** What the compiler makes of a list of types: each as text, sentences without their wrapping. */
export function evaluate(name: string, types: readonly string[], imports: string): string[] {
  const path = fixture(`${name}.ts`);
  const compiled = compile([], {
    [path]: [
      imports,
      "export interface Table {",
      ...types.map((type, i) => `  "${i}": ${type};`),
      "}",
    ].join("\n"),
  });
  const said = compiled.said(path);
  if (said.length > 0)
    throw new Error(said.map(({ line, text }) => `${types[line - 3]}: ${text}`).join("\n"));
  const { checker } = compiled;
  const table = compiled.program.getSourceFile(path)!.statements.find(ts.isInterfaceDeclaration)!;
  return checker
    .getTypeAtLocation(table)
    .getProperties()
    .map((property) => show(checker, checker.getTypeOfSymbol(property)));
}

const show = (checker: ts.TypeChecker, type: ts.Type): string =>
  type.isStringLiteral()
    ? type.value
    : checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
