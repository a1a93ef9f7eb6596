import { conformanceOf } from "./wasm-mode.js";

conformanceOf("wasm, compiled, on 1 thread");
