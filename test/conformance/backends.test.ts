import { setThreads } from "inkgrad";
import { backendNames } from "@src/backend/registry.js";
import { conformance } from "./conformance.js";

// The other ways in which the wasm backend computes have files of their own.
setThreads(1);

// Every backend that is registered: none escapes.
for (const name of backendNames()) conformance(name);
