import { tuneThreshold } from "../../learn/imbalance/index.js";
import { type Html, html } from "../report/html.js";
import type { Goal } from "./objective.js";

/** What becomes of the test rows as the threshold moves: a slider, and a script that reads a table. */

interface SliderOptions {
  readonly truth: readonly string[];
  /** Probabilities of the positive class. */
  readonly scores: readonly number[];
  readonly positive: string;
  readonly negative: string;
  readonly threshold: number;
  readonly goal: Goal;
}

/** Thresholds at which the slider stops: 0, 0.005, …, 1. */
const stops = 200;

export interface Stop {
  readonly threshold: number;
  readonly tp: number;
  readonly fp: number;
}

/** Hits and false alarms at each stop. */
export function stopsOf({
  truth,
  scores,
  positive,
}: Pick<SliderOptions, "truth" | "scores" | "positive">): Stop[] {
  const { curve } = tuneThreshold(truth, scores, "f1", { positive });
  let at = 0;
  return Array.from({ length: stops + 1 }, (_, i) => {
    const threshold = (stops - i) / stops;
    // The curve's thresholds fall; the last one that is not below counts.
    while (at + 1 < curve.thresholds.length && curve.thresholds[at + 1] >= threshold) at++;
    return { threshold, tp: curve.truePositives[at], fp: curve.falsePositives[at] };
  }).reverse();
}

export function slider(options: SliderOptions): Html {
  const { truth, positive, negative, threshold, goal } = options;
  const positives = truth.filter((label) => label === positive).length;
  const data = JSON.stringify({
    positives,
    negatives: truth.length - positives,
    cost: goal.cost,
    stops: stopsOf(options).map(({ tp, fp }) => [tp, fp]),
  });
  const start = Math.min(Math.max(Math.round(threshold * stops), 0), stops);
  const cell = (id: string, kind: string): Html => html`<td id="${id}" class="${kind}">–</td>`;
  const figure = (id: string, name: string): Html => html`<li><b id="${id}">–</b>${name}</li>`;
  return html`<div id="slider" data-table="${data}">
    <label for="threshold"
      >“${positive}” from a probability of <output id="at" for="threshold"></output
    ></label>
    <input id="threshold" type="range" min="0" max="${stops}" value="${start}" step="1" />
    <p class="soft">
      Chosen on training rows for ${goal.about}: ${threshold.toFixed(3)}. Moving it shows what the
      same probabilities would have led to; to choose by these rows would be to learn from them.
    </p>
    <div class="scroll">
      <table class="confusion" aria-label="rows: what it is; columns: what was said">
        <thead>
          <tr>
            <td></td>
            <th scope="col">said ${negative}</th>
            <th scope="col">said ${positive}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">is ${negative}</th>
            ${cell("tn", "right")}${cell("fp", "wrong")}
          </tr>
          <tr>
            <th scope="row">is ${positive}</th>
            ${cell("fn", "wrong")}${cell("tp", "right")}
          </tr>
        </tbody>
      </table>
    </div>
    <ul class="figures">
      ${figure("precision", "precision")}${figure("recall", "recall")}${figure("f1", "F1")}
      ${figure("accuracy", "accuracy")}${figure("cost", "cost a row")}
    </ul>
  </div>`;
}

/** Runs in the page. */
export const sliderScript = `
(() => {
  const box = document.getElementById("slider");
  const input = document.getElementById("threshold");
  const { positives, negatives, cost, stops } = JSON.parse(box.dataset.table);
  const put = (id, text, share) => {
    const element = document.getElementById(id);
    element.textContent = text;
    if (share !== undefined) element.style.setProperty("--share", share);
  };
  const percent = (part, whole) => (whole === 0 ? "–" : (100 * part / whole).toFixed(1) + " %");
  const show = () => {
    const [tp, fp] = stops[input.value];
    const [fn, tn] = [positives - tp, negatives - fp];
    const all = positives + negatives;
    put("at", (input.value / (stops.length - 1)).toFixed(3));
    put("tp", tp, tp / Math.max(positives, 1));
    put("fn", fn, fn / Math.max(positives, 1));
    put("tn", tn, tn / Math.max(negatives, 1));
    put("fp", fp, fp / Math.max(negatives, 1));
    put("precision", percent(tp, tp + fp));
    put("recall", percent(tp, positives));
    put("f1", percent(2 * tp, 2 * tp + fp + fn));
    put("accuracy", percent(tp + tn, all));
    put("cost", ((cost.fp * fp + cost.fn * fn) / all).toFixed(3));
  };
  input.addEventListener("input", show);
  show();
})();
`;
