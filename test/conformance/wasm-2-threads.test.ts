import { conformanceOf } from "./wasm-mode.js";

conformanceOf("wasm on 2 threads");
