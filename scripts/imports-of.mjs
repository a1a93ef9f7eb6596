// Finds the imports of a TypeScript file without a parser: comments and strings are
// taken out first, so that what merely looks like an import is not mistaken for one.

/**
 * @param {string} source
 * @returns {{ specifier: string, kind: "value" | "type" | "lazy" }[]} in order;
 *   "type" for `import type` and `export type`, "lazy" for `import("…")`
 */
export function importsOf(source) {
  const { code, strings } = withoutStrings(source);
  const name = String.raw`[\w$]+`;
  const namespace = String.raw`\*(?:\s*as\s+${name})?`;
  const braces = String.raw`\{[^{}]*\}`;
  const clause = `(?:${namespace}|${braces}|${name}(?:\\s*,\\s*(?:${namespace}|${braces}))?)`;
  const statement = new RegExp(
    `(?<![\\w$.])(?:(?:import|export)\\s*(?<type>type(?=[\\s{*])\\s*(?!from\\b))?${clause}\\s*from|import)\\s*"(?<from>\\d+)"` +
      `|(?<![\\w$.])import\\s*\\(\\s*"(?<lazy>\\d+)"`,
    "g",
  );
  return [...code.matchAll(statement)].map(({ groups }) =>
    groups.lazy !== undefined
      ? { specifier: strings[groups.lazy], kind: "lazy" }
      : { specifier: strings[groups.from], kind: groups.type === undefined ? "value" : "type" },
  );
}

/** The code with comments and templates blanked and each string replaced by "its index". */
function withoutStrings(source) {
  const strings = [];
  let code = "";
  let at = 0;
  /** Depths of open braces, one entry for each template we are inside of. */
  const templates = [];
  while (at < source.length) {
    const char = source[at];
    const two = source.slice(at, at + 2);
    if (two === "//") {
      at = endOf(source.indexOf("\n", at), source);
    } else if (two === "/*") {
      at = endOf(source.indexOf("*/", at + 2), source, 2);
      code += " ";
    } else if (char === '"' || char === "'") {
      const end = closing(source, at, char);
      code += `"${strings.push(source.slice(at + 1, end)) - 1}"`;
      at = end + 1;
    } else if (char === "`") {
      at = template(at + 1);
    } else if (char === "/" && startsRegExp(code)) {
      at = regExpEnd(source, at);
      code += "0";
    } else if (char === "}" && templates.at(-1) === 0) {
      templates.pop();
      code += ")";
      at = template(at + 1);
    } else {
      if (templates.length > 0 && char === "{") templates[templates.length - 1]++;
      if (templates.length > 0 && char === "}") templates[templates.length - 1]--;
      code += char;
      at++;
    }
  }
  return { code, strings };

  /** Skips template text up to its end or to the next `${`. */
  function template(from) {
    for (let i = from; i < source.length; i++) {
      if (source[i] === "\\") i++;
      else if (source[i] === "`") {
        code += "0";
        return i + 1;
      } else if (source[i] === "$" && source[i + 1] === "{") {
        templates.push(0);
        code += "(";
        return i + 2;
      }
    }
    return source.length;
  }
}

function endOf(index, source, length = 0) {
  return index < 0 ? source.length : index + length;
}

function closing(source, from, quote) {
  let at = from + 1;
  while (at < source.length && source[at] !== quote && source[at] !== "\n") {
    at += source[at] === "\\" ? 2 : 1;
  }
  return at;
}

/** Whether a slash after this code begins a regular expression rather than divides. */
function startsRegExp(code) {
  const before = code.trimEnd();
  return /(^|[(,=:[!&|?{};+\-*%<>~^]|\b(return|typeof|case|in|of|throw|await|yield))$/.test(before);
}

function regExpEnd(source, from) {
  let inClass = false;
  for (let at = from + 1; at < source.length && source[at] !== "\n"; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "[") inClass = true;
    else if (source[at] === "]") inClass = false;
    else if (source[at] === "/" && !inClass) return at + 1;
  }
  return from + 1;
}
