/** Where downloads are kept: files of a name, and for each a part that is not complete yet. */
export interface Store {
  /** How messages call the place. */
  readonly where: string;
  /** Whether what is stored outlives the program. */
  readonly lasting: boolean;
  /** How messages call a file of it. */
  path(name: string): string;
  /** A complete file, or undefined if there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** How many bytes of a part are there. */
  partSize(name: string): Promise<number>;
  /** Writes a piece of a part where it belongs; at 0 it begins the part anew. */
  writePart(name: string, at: number, bytes: Uint8Array): Promise<void>;
  readPart(name: string): Promise<Uint8Array>;
  removePart(name: string): Promise<void>;
  /** Stores a complete file, in whose place there is never an incomplete one; its part goes. */
  keep(name: string, bytes: Uint8Array): Promise<void>;
}

/** Keeps nothing: for pages, and for homes that cannot be written to. */
export function memoryStore(): Store {
  const files = new Map<string, Uint8Array>();
  const parts = new Map<string, Uint8Array>();
  const part = (name: string) => parts.get(name) ?? new Uint8Array(0);
  return {
    where: "memory",
    lasting: false,
    path: (name) => name,
    read: async (name) => files.get(name),
    partSize: async (name) => part(name).length,
    async writePart(name, at, bytes) {
      const old = part(name);
      // Grows in doubles, so that many small pieces are not copied again and again.
      const room = old.buffer.byteLength;
      const size = at + bytes.length;
      const buffer = size <= room ? old.buffer : new ArrayBuffer(Math.max(2 * room, size));
      const grown = new Uint8Array(buffer, 0, size);
      if (buffer !== old.buffer) grown.set(old.subarray(0, at));
      grown.set(bytes, at);
      parts.set(name, grown);
    },
    readPart: async (name) => part(name),
    removePart: async (name) => void parts.delete(name),
    async keep(name, bytes) {
      files.set(name, bytes);
      parts.delete(name);
    },
  };
}
