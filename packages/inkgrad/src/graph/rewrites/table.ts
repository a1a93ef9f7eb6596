import * as arithmetic from "./arithmetic.js";
import * as fold from "./fold.js";
import * as logic from "./logic.js";
import * as movement from "./movement.js";
import * as reduce from "./reduce.js";
import type { Rule } from "./rule.js";
import * as structure from "./structure.js";

const table = { ...fold, ...structure, ...arithmetic, ...logic, ...movement, ...reduce };

export type RuleName = keyof typeof table;

/** Every rule by name, tried in this order: whatever the files of this folder export. */
export const rules: { readonly [name in RuleName]: Rule } = table;

export const ruleNames = Object.keys(rules) as RuleName[];

/** The rules that change nothing in any result, not even a bit. */
export const exactRules = ruleNames.filter((name) => rules[name].inexact === undefined);
