import { backendNames } from "@src/backend/registry.js";
import { conformance } from "./conformance.js";

// Every backend that is registered: none escapes.
for (const name of backendNames()) conformance(name);
