// The pieces of a report: pages are escaped, the plot of a search names what was tried.
import { describe, expect, it } from "vitest";
import { parallelCoordinates } from "@src/cli/report/charts.js";
import { html, raw } from "@src/cli/report/html.js";

describe("the plot of a search", () => {
  it("marks whole numbers that were tried, and none between them", () => {
    const axes = [
      { name: "epochs", log: true },
      { name: "lr", log: true },
    ];
    const lines = [1, 3, 9].map((epochs) => ({ values: { epochs, lr: epochs / 8 }, rank: 0 }));
    const { html: svg } = parallelCoordinates(axes, lines, "what it shows");
    const texts = [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text);
    for (const text of ["1", "3", "9", "0.125", "0.375", "1.13"]) expect(texts).toContain(text);
    expect(texts.filter((text) => text === "3")).toHaveLength(1);
    expect(svg).toContain('aria-label="what it shows"');
  });
});

describe("a page", () => {
  it("escapes texts, and takes what is HTML as it is", () => {
    expect(html`<p title="${"\"'&"}">${"<b>"}${raw("<i>")}${[1, "a"]}</p>`.html).toBe(
      '<p title="&quot;&#39;&amp;">&lt;b&gt;<i>1a</p>',
    );
  });
});
