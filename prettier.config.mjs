/** @type {import("prettier").Config} */
export default {
  printWidth: 100,
  singleQuote: false,
  trailingComma: "all",
  overrides: [
    // Not every reader of tsconfig.json accepts trailing commas.
    { files: "*.json", options: { trailingComma: "none" } },
    // Examples in the docs are laid out by hand: a matrix stays on one line.
    { files: "*.md", options: { embeddedLanguageFormatting: "off" } },
  ],
};
