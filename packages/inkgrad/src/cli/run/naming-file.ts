import { FormatError } from "../../base/errors.js";

/** Does something with a file; what is wrong with its bytes is said with its name. */
export async function namingFile<R>(path: string, work: Promise<R>): Promise<R> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof FormatError && !error.message.includes(path))
      throw new FormatError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}
