/** What a fit did that one should know of; plain data, kept with what was fitted. */
export interface FitWarning {
  readonly name: "ConvergenceWarning" | "SeparationWarning";
  /** What was seen, and what to do. */
  readonly message: string;
}

export const convergenceWarning = (message: string): FitWarning => ({
  name: "ConvergenceWarning",
  message,
});

export const separationWarning = (message: string): FitWarning => ({
  name: "SeparationWarning",
  message,
});

export type OnWarning = (warning: FitWarning) => void;

const printed = new Set<string>();

/** To the console, the same words once only: a search fits the same model again and again. */
export const printWarning: OnWarning = ({ name, message }) => {
  const line = `${name}: ${message}`;
  if (printed.has(line)) return;
  printed.add(line);
  console.warn(line);
};
