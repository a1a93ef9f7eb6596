import { FormatError, InternalError } from "../../base/errors.js";
import type { Estimator, Fitted, Options } from "../types.js";
import type { State } from "./state.js";

/** How estimators and what they have learned are made again from plain data, by kind. */
export interface Kind {
  /** The estimator of these options. */
  readonly make: (options: never) => Estimator;
  /**
   * What was fitted, from all that was learned; `restore` serves for what it holds in turn. Estimators
   * whose `fit` gives what another kind fitted have none.
   */
  readonly restore?: (state: never, restore: (state: State) => Fitted) => Fitted;
}

export type Kinds = Readonly<Record<string, Kind>>;

/** An estimator as plain data, for a worker. */
export interface Spec {
  readonly estimator: string;
  readonly options: Options;
}

const isEstimator = (x: unknown): x is Estimator =>
  typeof x === "object" && x !== null && "kind" in x && "options" in x && "fit" in x;

/** Not options of which one is called "estimator": its value is a name. */
const isSpec = (x: unknown): x is Spec =>
  typeof x === "object" &&
  x !== null &&
  "options" in x &&
  typeof (x as Spec).estimator === "string";

/** An estimator, and those among its options, as plain data. */
export const specOf = ({ kind, options }: Estimator): Spec => ({
  estimator: kind,
  options: mapped(options, (x) => (isEstimator(x) ? specOf(x) : undefined)) as Options,
});

/** `make` and `restore` over a table of kinds. */
export function makerOf(kinds: Kinds) {
  const kindOf = (kind: string): Kind | undefined =>
    Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  /** The estimator that `specOf` wrote down. */
  const make = ({ estimator, options }: Spec): Estimator => {
    const kind = kindOf(estimator);
    if (kind === undefined) throw new InternalError(`There is no estimator "${estimator}"`);
    const own = mapped(options, (x) => (isSpec(x) ? make(x) : undefined));
    return kind.make(own as never);
  };
  /** @throws FormatError  for a kind that this version does not know */
  const restore = (state: State): Fitted => {
    const kind = kindOf(state.kind);
    if (kind?.restore === undefined)
      throw new FormatError(
        `restore: there is no estimator "${state.kind}"; it was saved by another version, or is none`,
      );
    return kind.restore(state as never, restore);
  };
  return { make, restore };
}

/** A copy of objects and lists within each other, in which some things are replaced. */
function mapped(x: unknown, replace: (x: unknown) => unknown): unknown {
  const other = replace(x);
  if (other !== undefined) return other;
  if (Array.isArray(x)) return x.map((item) => mapped(item, replace));
  if (typeof x !== "object" || x === null || Object.getPrototypeOf(x) !== Object.prototype)
    return x;
  return Object.fromEntries(Object.entries(x).map(([key, item]) => [key, mapped(item, replace)]));
}
