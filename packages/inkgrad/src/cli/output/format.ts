/** Numbers and times as people read them. */

/** 60000 → "60,000". */
export const count = (n: number): string => Math.round(n).toLocaleString("en-US");

/** 1234567 → "1.23 M". */
export function short(n: number): string {
  const units = [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const;
  const found = units.find(([size]) => n >= size);
  return found === undefined ? String(n) : `${(n / found[0]).toPrecision(3)} ${found[1]}`;
}

/** 0.98765 → "98.77 %". */
export const percent = (share: number, digits = 2): string =>
  Number.isFinite(share) ? `${(share * 100).toFixed(digits)} %` : "–";

/** A loss, or another number of no known size. */
export const figure = (x: number): string =>
  !Number.isFinite(x)
    ? String(x)
    : x !== 0 && Math.abs(x) < 1e-3
      ? x.toExponential(2)
      : x.toFixed(4);

/** 75 → "1:15". */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–:––";
  const whole = Math.max(Math.round(seconds), 0);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** 75 → "75 s", 754 → "12.6 min". */
export const duration = (seconds: number): string =>
  seconds < 10
    ? `${seconds.toFixed(1)} s`
    : seconds < 120
      ? `${seconds.toFixed(0)} s`
      : `${(seconds / 60).toFixed(1)} min`;

/** "1 image", "2 images". */
export const plural = (n: number, one: string, more = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : more}`;
