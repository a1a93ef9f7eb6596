import { it } from "vitest";
import { registerWasmMode, type WasmMode, whyNot } from "../support/wasm-modes.js";
import { conformance } from "./conformance.js";

/**
 * Declares the conformance suite for a mode of the wasm backend. Each has a file of its own, so that
 * they run side by side.
 */
export function conformanceOf(mode: WasmMode): void {
  const reason = whyNot(mode);
  if (reason !== null) {
    it.skip(`${mode}: ${reason}`);
    return;
  }
  registerWasmMode(mode);
  conformance(mode);
}
