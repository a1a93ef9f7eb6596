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

export const printWarning: OnWarning = ({ name, message }) => {
  console.warn(`${name}: ${message}`);
};
