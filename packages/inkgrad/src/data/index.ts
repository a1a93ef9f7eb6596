import "../tensor/methods.js";

export type { Dataset } from "./dataset.js";
