import { stat } from "node:fs/promises";

/** What there is; what cannot be looked at counts as not there. */

const look = (path: string) => stat(path).catch(() => undefined);

export const isThere = async (path: string): Promise<boolean> => (await look(path)) !== undefined;

export const isFile = async (path: string): Promise<boolean> =>
  (await look(path))?.isFile() ?? false;

export const isFolder = async (path: string): Promise<boolean> =>
  (await look(path))?.isDirectory() ?? false;
