/** Pages as texts. What is put into a page is escaped unless it is HTML itself. */

/** A piece of HTML. */
export interface Html {
  readonly html: string;
}

type Piece = Html | string | number | readonly Piece[];

/** html`<p>${text}</p>`: the text is escaped. */
export const html = (texts: TemplateStringsArray, ...values: readonly Piece[]): Html => ({
  html: String.raw({ raw: texts }, ...values.map(show)),
});

/** HTML that was made elsewhere, as it is. */
export const raw = (text: string): Html => ({ html: text });

function show(value: Piece): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return escape(value);
  return Array.isArray(value)
    ? (value as readonly Piece[]).map(show).join("")
    : (value as Html).html;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c]);
