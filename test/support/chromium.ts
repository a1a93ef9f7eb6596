import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";

const executablePath = "/usr/bin/chromium";

/** Why no test can be run in a browser here, or undefined where it can. */
export const whyNoChromium: string | undefined = existsSync(executablePath)
  ? undefined
  : `there is no ${executablePath} ("node scripts/setup-browser.mjs" installs it or says why not)`;

// Tests often run as root, which the sandbox refuses; and none of them talks to the network.
const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: flags, timeout: 60_000 });

/** Opens a page, does something with it, and closes it; throws what escapes in the page. */
export async function withPage<T>(
  browser: Browser,
  url: string,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const page = await browser.newPage();
  const escaped: Error[] = [];
  page.on("pageerror", (error) => escaped.push(error));
  try {
    await page.goto(url, { timeout: 30_000 });
    const result = await use(page).catch((error: unknown) => {
      // What escaped first is the cause of what failed later.
      throw escaped[0] ?? error;
    });
    if (escaped.length > 0) throw escaped[0];
    return result;
  } finally {
    await page.close();
  }
}

export interface Site {
  readonly url: string;
  close(): void;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  wasm: "application/wasm",
};

/** Serves files, by their paths without the first slash, to this machine alone. */
export async function serve(
  files: ReadonlyMap<string, string | Uint8Array>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Site> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://site").pathname.slice(1) || "index.html";
    const body = files.get(path);
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = types[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, ...headers }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
