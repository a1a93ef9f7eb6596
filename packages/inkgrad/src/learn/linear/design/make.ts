import type { Dense } from "../../input/matrix.js";
import type { SparseRows } from "../../input/sparse-rows.js";
import { denseDesign } from "./dense.js";
import type { Design } from "./design.js";
import { sparseDesign } from "./sparse.js";

export const designOf = (x: Dense | SparseRows): Design =>
  x.format === "dense" ? denseDesign(x) : sparseDesign(x);
