// What the generated modules of test/end-to-end/docs.test.ts call.
import { agrees, shown } from "./doc-examples.js";

/** Throws unless the (awaited) value is what the page claims. */
export async function claim(value: unknown, expected: string, line: number): Promise<void> {
  const actual = shown(await value);
  if (!agrees(actual, expected)) {
    throw new Error(`line ${line}: the page says ${expected}, the value is ${actual}`);
  }
}

/** Throws unless running throws an error whose name or message contains the text. */
export async function claimThrows(run: () => unknown, text: string, line: number): Promise<void> {
  let thrown: unknown;
  try {
    await run();
  } catch (error) {
    thrown = error;
  }
  if (thrown === undefined) throw new Error(`line ${line}: the page says this throws; it does not`);
  const message = thrown instanceof Error ? String(thrown) : shown(thrown);
  if (!message.includes(text)) {
    throw new Error(`line ${line}: the page says this throws ${text}, but it threw ${message}`);
  }
}
