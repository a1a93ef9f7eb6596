/** Things kept under their names, up to a number of them: then the least recently used one goes. */
export class Recent<T> {
  // A Map keeps the order of insertion: what is put in again is the youngest.
  private readonly kept = new Map<string, T>();

  constructor(
    private readonly capacity: number,
    private readonly dismiss: (one: T) => void,
  ) {}

  get size(): number {
    return this.kept.size;
  }

  /** What is kept under a name, made if there is nothing. */
  get(name: string, make: () => T): T {
    const found = this.find(name) ?? make();
    this.keep(name, found);
    return found;
  }

  find(name: string): T | null {
    return this.kept.get(name) ?? null;
  }

  /** Keeps something under a name, as the most recently used. */
  keep(name: string, one: T): void {
    this.kept.delete(name);
    this.kept.set(name, one);
    if (this.kept.size <= this.capacity) return;
    const [[oldest, dismissed]] = this.kept;
    this.kept.delete(oldest);
    this.dismiss(dismissed);
  }

  /** Dismisses everything. */
  clear(): void {
    for (const one of this.kept.values()) this.dismiss(one);
    this.kept.clear();
  }
}
