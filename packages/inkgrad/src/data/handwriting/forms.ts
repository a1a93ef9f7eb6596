import { ValueError } from "../../base/errors.js";
import type { Form } from "./form.js";
import { capitals } from "./glyphs/capitals.js";
import { digits } from "./glyphs/digits.js";
import { small } from "./glyphs/small.js";

const all: Readonly<Record<string, readonly Form[]>> = { ...digits, ...capitals, ...small };

/**
 * The forms of a character.
 *
 * @throws ValueError  if there are none
 */
export function formsOf(character: string): readonly Form[] {
  const forms = Object.hasOwn(all, character) ? all[character] : undefined;
  if (forms === undefined)
    throw new ValueError(
      `handwriting: there is no skeleton of "${character}"; there are those of ${Object.keys(all).join("")}`,
    );
  return forms;
}
