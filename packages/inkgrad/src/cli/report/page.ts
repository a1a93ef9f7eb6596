import { createHash } from "node:crypto";
import { type Html, html, raw } from "./html.js";
import { style } from "./style.js";

/**
 * A page on its own: nothing is loaded from anywhere, so that it can be sent and kept. Only the given script
 * runs in it.
 */
export const page = (title: string, body: Html, script = ""): string =>
  `<!doctype html>\n${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policyOf(script)}" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <main>${body}</main>
        ${script === "" ? "" : raw(`<script>${script}</script>`)}
      </body>
    </html> `.html
  }`;

const policyOf = (script: string): string =>
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'" +
  (script === ""
    ? ""
    : `; script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`);
