/** KB of everything that a package exports, bundled, minified and gzipped; ours if none is named. */
import { fileURLToPath } from "node:url";
import { report, task } from "../harness/child.mjs";
import { bundledSize } from "./bundled-size.mjs";

const library = fileURLToPath(new URL("../../packages/inkgrad/dist/index.js", import.meta.url));
const root = fileURLToPath(new URL("..", import.meta.url));

report({ "": (await bundledSize(task.name ?? library, root)) / 1000 }, { threads: 1 });
