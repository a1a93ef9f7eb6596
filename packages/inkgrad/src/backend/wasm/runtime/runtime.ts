import type { HostCompute } from "../../backend.js";
import type { Arena } from "../memory/arena.js";
import type { Heap } from "../memory/heap.js";
import type { Uploads } from "../memory/uploads.js";
import type { Pool } from "./pool.js";

/** What all programs of the backend have in common. */
export interface Runtime {
  readonly heap: Heap;
  readonly arena: Arena;
  readonly uploads: Uploads;
  readonly pool: Pool;
  readonly host: HostCompute;
}
