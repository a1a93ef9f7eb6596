import { backend, backendNames } from "@src/backend/registry.js";
import { registerWasmModes } from "../support/wasm-modes.js";
import { conformance } from "./conformance.js";

const before = backendNames();
if (backend().name === "wasm") registerWasmModes();
for (const name of backendNames()) if (!before.includes(name)) conformance(name);
