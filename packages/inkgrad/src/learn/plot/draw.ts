import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** Charts as SVG, drawn without a browser. */

/** An SVG element as a text: a file, or part of a page. */
export type Svg = string;

/**
 * Colours are variables of the page's style, so that a page can be dark; where there is none, as in a
 * file of its own, the second one holds.
 */
export const colours = {
  ink: "var(--ink, #1b1f24)",
  soft: "var(--soft, #57606a)",
  paper: "var(--paper, #ffffff)",
  line: "var(--line, #d0d7de)",
  first: "var(--first, #0b62c4)",
  second: "var(--second, #b3530a)",
  third: "var(--right, #1a7f37)",
  fourth: "var(--wrong, #c4250b)",
  fifth: "var(--fifth, #7a3eb1)",
  sixth: "var(--sixth, #0f7b83)",
} as const;

const series = [
  colours.first,
  colours.second,
  colours.third,
  colours.fourth,
  colours.fifth,
  colours.sixth,
];

/** The colour of the series with this number; they come again after six. */
export const colourOf = (i: number): string => series[i % series.length];

export type Mark = Plot.Markish | Plot.Markish[];

/** What is needed of an element. The packages' own types are those of browsers, which Node lacks. */
interface Element {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

const parse = parseHTML as (text: string) => { readonly document: object };
const { document } = parse("<!doctype html><html><body></body></html>");
const plot = Plot.plot as unknown as (options: object) => Element;

const usual = { width: 460, height: 300, marginLeft: 52, marginBottom: 38 };

/**
 * A chart.
 *
 * @param description  for those who cannot see it
 * @param options      of Observable Plot
 */
export function draw(
  description: string,
  options: { readonly marks: readonly Mark[]; readonly [name: string]: unknown },
): Svg {
  const svg = plot({ document, ...usual, ...options });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", described);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return svg.outerHTML.replace(described, () => escaped(description));
}

/** Stands for the description until it can be put in: in a file, unlike in a page, "<" must be escaped. */
const described = "\uE000";

const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
