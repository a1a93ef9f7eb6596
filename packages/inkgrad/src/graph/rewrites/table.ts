import { arithmetic } from "./arithmetic.js";
import { fold } from "./fold.js";
import { logic } from "./logic.js";
import { movement } from "./movement.js";
import { reduce } from "./reduce.js";
import type { Rule } from "./rule.js";
import { structure } from "./structure.js";

const table = { ...fold, ...structure, ...arithmetic, ...logic, ...movement, ...reduce };

export type RuleName = keyof typeof table;

/** Every rule by name, tried in this order. */
export const rules: { readonly [name in RuleName]: Rule } = table;

export const ruleNames = Object.keys(rules) as RuleName[];

/** The rules that change nothing in any result, not even a bit. */
export const exactRules = ruleNames.filter((name) => rules[name].inexact === undefined);
