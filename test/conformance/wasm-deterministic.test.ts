import { conformanceOf } from "./wasm-mode.js";

conformanceOf("wasm, deterministic");
