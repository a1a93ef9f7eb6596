import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on this machine that plays a mirror, and remembers what it was asked for. */
export interface Mirror {
  /** Its address, which ends in a slash. */
  readonly url: string;
  /** "name" or "name bytes=…" of every request, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

export type Answer = (
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>;

export async function startMirror(answer: Answer): Promise<Mirror> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const name = (request.url ?? "").slice(1);
    const { range } = request.headers;
    requests.push(range === undefined ? name : `${name} ${range}`);
    void answer(name, request, response);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Sends files as a good mirror does, ranges included. */
export const serve =
  (files: Readonly<Record<string, Uint8Array>>): Answer =>
  (name, request, response) => {
    const bytes = files[name];
    if (bytes === undefined) return void response.writeHead(404).end();
    const start = startOf(request);
    if (start >= bytes.length && start > 0)
      return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    response.writeHead(start > 0 ? 206 : 200, {
      "content-length": bytes.length - start,
      ...(start > 0 && {
        "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
      }),
    });
    response.end(bytes.subarray(start));
  };

/** Sends at most `piece` bytes of what it promises, and cuts the connection. */
export const serveInPieces =
  (files: Readonly<Record<string, Uint8Array>>, piece: number): Answer =>
  async (name, request, response) => {
    const bytes = files[name];
    const start = startOf(request);
    response.writeHead(start > 0 ? 206 : 200, {
      "content-length": bytes.length - start,
      "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
    });
    const sent = bytes.subarray(start, start + piece);
    if (sent.length === bytes.length - start) return void response.end(sent);
    await new Promise<void>((done) => response.write(sent, () => done()));
    // Time for what was written to arrive: a reset throws away what the other side has not read.
    setTimeout(() => response.destroy(), 30);
  };

const startOf = (request: IncomingMessage): number =>
  Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
