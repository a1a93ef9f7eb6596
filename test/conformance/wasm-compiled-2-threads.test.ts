import { conformanceOf } from "./wasm-mode.js";

conformanceOf("wasm, compiled, on 2 threads");
