import { BackendError } from "../base/errors.js";
import type { Backend } from "./backend.js";
import { reference } from "./reference/reference.js";

/** The backends there are. Only this file knows them. */
const backends: Record<string, Backend> = { reference };
let current: Backend = reference;

export const backendNames = (): string[] => Object.keys(backends);

/** The backend that evaluates tensors. */
export const backend = (): Backend => current;

/** Adds a backend under its name, in place of any other of that name. */
export function registerBackend(added: Backend): void {
  backends[added.name] = added;
}

/** Chooses the backend that evaluates tensors from now on. */
export function setBackend(name: string): void {
  const found = Object.hasOwn(backends, name) ? backends[name] : undefined;
  if (found === undefined)
    throw new BackendError(
      `setBackend: there is no backend "${name}"; choose one of ${backendNames().join(", ")}`,
    );
  current = found;
}
