import type { Reading } from "./reader.js";

/** What was read, as the page shows it. */

const byId = <E extends HTMLElement = HTMLElement>(id: string): E =>
  document.getElementById(id) as E;

/** Never "100 %": no model knows that. */
const percent = (share: number): string =>
  share > 0.999 ? "> 99.9 %" : `${(100 * share).toFixed(share < 0.99 ? 0 : 1)} %`;

export interface Display {
  /** Shows a reading, or that there is nothing to read. */
  show(reading: Reading | null): void;
  /** Says it to those who cannot see it. */
  say(reading: Reading | null): void;
  /** Says what is wrong. */
  fail(error: unknown): void;
}

export function display(): Display {
  const rows = Array.from({ length: 10 }, (_, digit) => newBar(byId("bars"), digit));
  const seen = byId<HTMLCanvasElement>("seen").getContext("2d")!;

  function show(reading: Reading | null): void {
    const best = reading === null ? -1 : likeliest(reading);
    byId("digit").textContent = best < 0 ? "–" : String(best);
    byId("certainty").textContent = reading === null ? "" : percent(reading.probabilities[best]);
    byId("time").textContent =
      reading === null ? "Nothing to read yet." : `Read in ${reading.milliseconds.toFixed(1)} ms.`;
    rows.forEach((set, digit) => set(reading?.probabilities[digit] ?? 0, digit === best));
    const image = seen.createImageData(28, 28);
    for (let i = 0; i < 28 * 28; i++) {
      const grey = reading?.picture[i] ?? 0;
      image.data.set([grey, grey, grey, 255], 4 * i);
    }
    seen.putImageData(image, 0, 0);
  }

  show(null);
  return {
    show,
    say(reading) {
      byId("said").textContent = sentence(reading);
    },
    fail(error) {
      const problem = byId("problem");
      problem.hidden = false;
      problem.textContent = `The digit cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    },
  };
}

function sentence(reading: Reading | null): string {
  if (reading === null) return "Nothing to read.";
  const best = likeliest(reading);
  return `Read as ${best}, ${percent(reading.probabilities[best])}.`;
}

const likeliest = ({ probabilities }: Reading): number =>
  Array.from(probabilities).reduce((best, p, i, all) => (p > all[best] ? i : best), 0);

/** A line of the list: the digit, a bar, the probability. */
function newBar(list: HTMLElement, digit: number): (share: number, best: boolean) => void {
  const row = list.appendChild(document.createElement("li"));
  const part = (className: string): HTMLElement => {
    const span = row.appendChild(document.createElement("span"));
    span.className = className;
    return span;
  };
  part("name").textContent = String(digit);
  const bar = part("bar");
  const number = part("number");
  return (share, best) => {
    row.classList.toggle("best", best);
    bar.style.setProperty("--share", String(share));
    number.textContent = percent(share);
  };
}
