import { FormatError } from "../../base/errors.js";
import type { MnistFile } from "./files.js";
import { memoryStore, type Store } from "./store.js";
import { unpack } from "./unpack.js";

export interface DownloadOptions {
  /** Addresses that end in a slash, behind which the files' names come. */
  readonly mirrors: readonly string[];
  /** How long a mirror may take to answer, and to send the next piece. */
  readonly timeoutMs: number;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

export interface DownloadProgress {
  readonly file: string;
  readonly receivedBytes: number;
  /** Undefined where the mirror does not say. */
  readonly totalBytes: number | undefined;
}

/** A mirror could not give a file: offline, not found, cut off. Another one may. */
export class Unreachable extends Error {}

/** How often a connection that was cut is taken up again at one mirror, if it brought anything. */
const resumptions = 5;

/**
 * Fetches one file into the store and returns its elements. A part that an earlier attempt left is
 * continued; the mirrors are tried in turn.
 *
 * @throws Unreachable  if no mirror gave it; the message has each mirror's reason
 * @throws FormatError  if mirrors gave something else instead
 */
export async function download(
  file: MnistFile,
  store: Store,
  options: DownloadOptions,
): Promise<Uint8Array> {
  const reasons: string[] = [];
  let wrong: FormatError | undefined;
  for (const mirror of options.mirrors) {
    try {
      return await fromMirror(file, mirror, store, options);
    } catch (error) {
      if (error instanceof FormatError) wrong = error;
      else if (!(error instanceof Unreachable)) throw error;
      reasons.push(`${mirror}: ${error.message}`);
    }
  }
  if (wrong !== undefined) throw wrong;
  throw new Unreachable(reasons.join("; ") || "no mirror is given");
}

async function fromMirror(
  file: MnistFile,
  mirror: string,
  store: Store,
  options: DownloadOptions,
): Promise<Uint8Array> {
  const name = `${file.name}.gz`;
  const url = mirror + name;
  await fetchWhole(url, name, file, store, options);
  const bytes = await store.readPart(name);
  const remedy =
    "what was received has been thrown away; try again later, or get the files yourself";
  try {
    const elements = await unpack(file, bytes, url, remedy);
    await store.keep(name, bytes);
    return elements;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    await store.removePart(name);
    if (!store.lasting) throw error;
    // The part may have been begun at a mirror that packs otherwise, or another program may be
    // writing to it: once more, in a place of its own.
    const own = memoryStore();
    const elements = await fromMirror(file, mirror, own, options);
    await store.keep(name, (await own.read(name)) as Uint8Array);
    return elements;
  }
}

/** Goes on where a cut connection left off, as long as each attempt brings something. */
async function fetchWhole(
  url: string,
  name: string,
  file: MnistFile,
  store: Store,
  options: DownloadOptions,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const before = await store.partSize(name);
    try {
      return await fetchRest(url, name, file, before, store, options);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (attempt === resumptions || (await store.partSize(name)) <= before) throw error;
    }
  }
}

/** One request for what is missing, written to the store as it comes. */
async function fetchRest(
  url: string,
  name: string,
  file: MnistFile,
  start: number,
  store: Store,
  { timeoutMs, onProgress }: DownloadOptions,
): Promise<void> {
  const watch = watchdog(timeoutMs);
  try {
    const headers = start > 0 ? { Range: `bytes=${start}-` } : undefined;
    const response = await watch.guard(fetch(url, { headers, signal: watch.signal }));
    if (response.status === 416) {
      await watch.guard(response.body?.cancel() ?? Promise.resolve());
      const [, total] = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "") ?? [];
      if (Number(total) === start) return;
      await store.removePart(name);
      return await fetchRest(url, name, file, 0, store, { timeoutMs, mirrors: [], onProgress });
    }
    const { at, total } = placeOf(response, start);
    await receive(response, at, total);
  } finally {
    watch.stop();
  }

  async function receive(response: Response, at: number, total: number | undefined): Promise<void> {
    const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
    if (reader === undefined) throw new Unreachable("it sent no body");
    const limit = 2 * file.sizeBytes;
    for (;;) {
      const { done, value } = await watch.guard(reader.read());
      if (done) break;
      await store.writePart(name, at, value);
      at += value.length;
      onProgress?.({ file: name, receivedBytes: at, totalBytes: total });
      if (at > limit) throw new Unreachable(`it sends more than ${limit} bytes`);
    }
    if (total !== undefined && at < total)
      throw new Unreachable(`the connection ended after ${at} of ${total} bytes`);
  }
}

/** Where the body of an answer belongs, and how long the file is. */
function placeOf(response: Response, start: number): { at: number; total: number | undefined } {
  const { status, headers } = response;
  if (status !== 200 && status !== 206) throw new Unreachable(`it answers with status ${status}`);
  if (headers.get("content-type")?.startsWith("text/html"))
    throw new Unreachable("it answers with a page, not a file (a log-in of the network?)");
  if (status === 200) {
    // fetch unpacks what was packed for the way; the length is then that of the packed bytes.
    const packed = headers.get("content-encoding") !== null;
    const length = packed ? null : headers.get("content-length");
    return { at: 0, total: length === null ? undefined : Number(length) };
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "");
  if (range === null || Number(range[1]) !== start)
    throw new Unreachable(`it was asked for the bytes from ${start} on and sends others`);
  return { at: start, total: range[2] === "*" ? undefined : Number(range[2]) };
}

/** Ends what takes longer than it should, and turns every failure into `Unreachable`. */
function watchdog(timeoutMs: number) {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    async guard<T>(work: Promise<T>): Promise<T> {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        controller.abort();
      }, timeoutMs);
      try {
        return await work;
      } catch (error) {
        throw new Unreachable(late ? `it sent nothing for ${timeoutMs} ms` : reasonOf(error));
      } finally {
        clearTimeout(timer);
      }
    },
    /** Lets go of a connection that is not read to its end. */
    stop: () => controller.abort(),
  };
}

/** fetch says only "fetch failed"; why, its cause says. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as {
    message?: string;
    cause?: { message?: string; code?: string };
  };
  return cause?.message || cause?.code || message || String(error);
}
