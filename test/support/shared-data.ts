import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder of real data beside the checkout, if it is there: `../shared/data`, or one further up. */
export const sharedData: string | undefined = ["../../../shared/data/", "../../../../shared/data/"]
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

export const whyWithout = "the folder shared/data does not lie beside the checkout";
