// Globals that Node and browsers share and that the library uses although
// they are not part of ES2022. Keep this list short.

declare const console: {
  log(...values: unknown[]): void;
  warn(...values: unknown[]): void;
};

declare function setTimeout(callback: () => void, milliseconds: number): unknown;

declare const performance: { now(): number };
