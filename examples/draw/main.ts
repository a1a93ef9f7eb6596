import { display } from "./display.js";
import { inkCamera } from "./ink.js";
import { drawingPad } from "./pad.js";
import { openReader, type Reader } from "./reader.js";
import { writeOne } from "./write-one.js";

/** What is drawn is read, again and again while it is drawn. */

const shown = display();
const photograph = inkCamera();
const pad = drawingPad(document.querySelector("canvas#pad")!, () => void read());

let reader: Reader | null = null;
let [reading, stale] = [false, false];

/** Reads what is there. Ink that comes meanwhile is read afterwards, all at once. */
async function read(): Promise<void> {
  stale = true;
  if (reading || reader === null) return;
  reading = true;
  try {
    while (stale) {
      stale = false;
      const result = pad.strokes.length === 0 ? null : await reader(photograph(pad.strokes));
      shown.show(result);
      if (pad.resting && !stale) shown.say(result);
      // Lets the page be shown and more ink come.
      await new Promise(requestAnimationFrame);
    }
  } catch (error) {
    shown.fail(error);
  }
  reading = false;
}

const onClick = (id: string, action: () => void): void =>
  document.getElementById(id)!.addEventListener("click", action);

onClick("undo", () => pad.undo());
onClick("clear", () => pad.replace([]));
onClick("example", () => pad.replace(writeOne()));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") pad.replace([]);
  else if (event.key === "z" && (event.ctrlKey || event.metaKey)) pad.undo();
  else return;
  event.preventDefault();
});

try {
  reader = await openReader();
  document.body.dataset.ready = "true";
  void read();
} catch (error) {
  shown.fail(error);
}
