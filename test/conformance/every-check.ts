import type { Backend } from "@src/backend/backend.js";
import type { OpName } from "@src/ops/table.js";
import { checks } from "./checks.js";
import { subjectNames } from "./subjects.js";

/** One check of one operation, for whatever runs it: vitest, or a page in a browser. */
export interface NamedCheck {
  readonly sentence: string;
  readonly name: OpName;
  /** Rejects where the backend is wrong. */
  readonly run: (backend: Backend) => Promise<void>;
}

export const everyCheck: readonly NamedCheck[] = Object.entries(checks).flatMap(
  ([sentence, check]) =>
    subjectNames.map((name) => ({ sentence, name, run: (backend) => check(backend, name) })),
);
