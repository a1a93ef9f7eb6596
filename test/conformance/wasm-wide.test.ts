import { conformanceOf } from "./wasm-mode.js";

conformanceOf("wasm with wide vectors");
