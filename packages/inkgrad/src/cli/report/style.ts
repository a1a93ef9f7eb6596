/** The look of a report, light or dark as the reader's system has it. Nothing is loaded for it. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: #1b1f24; --soft: #57606a; --paper: #ffffff; --line: #d0d7de; --shade: #f3f5f8;
  --first: #0b62c4; --second: #b3530a; --right: #1a7f37; --wrong: #c4250b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8edf2; --soft: #9aa7b4; --paper: #0e1217; --line: #343c46; --shade: #182029;
    --first: #6cb2ff; --second: #f0a35e; --right: #56d364; --wrong: #ff8470;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; color: var(--ink);
  background: var(--paper); font: 16px/1.55 system-ui, sans-serif;
}
h1 { font-size: 1.7rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.75rem 0 .75rem; }
p, li { max-width: 46rem; }
.soft { color: var(--soft); }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0; padding: 0; list-style: none; }
.figures li { flex: 1 1 9rem; padding: .75rem 1rem; background: var(--shade); border-radius: .5rem; }
.figures b { display: block; font-size: 1.45rem; font-variant-numeric: tabular-nums; }
.charts { display: flex; flex-wrap: wrap; gap: 1.5rem; }
figure { flex: 1 1 24rem; margin: 0; min-width: 0; }
figcaption { color: var(--soft); margin-bottom: .25rem; }
svg { max-width: 100%; height: auto; --plot-background: var(--paper) !important; }
.key { font-weight: 600; }
.key.first { color: var(--first); } .key.second { color: var(--second); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, th.text, td.text { text-align: left; }
thead th { border-bottom: 2px solid var(--line); }
.confusion td, .confusion th { text-align: center; min-width: 2.6rem; padding: .3rem; }
.confusion td.none { color: var(--soft); }
.confusion td.right { background: color-mix(in srgb, var(--right) calc(var(--share) * 45%), transparent); }
.confusion td.wrong { background: color-mix(in srgb, var(--wrong) calc(15% + var(--share) * 60%), transparent); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.5rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: 1rem; padding: 0; margin: 0; list-style: none; }
.mistakes img { width: 100%; aspect-ratio: 1; object-fit: contain; image-rendering: pixelated; background: #000; border-radius: .35rem; display: block; }
.mistakes b, .mistakes span { display: block; font-size: .85rem; overflow-wrap: anywhere; }
pre { background: var(--shade); padding: .9rem 1rem; border-radius: .5rem; overflow-x: auto; font: .85rem/1.5 ui-monospace, monospace; }
summary { cursor: pointer; }
input[type=range] { width: 100%; max-width: 46rem; display: block; margin: .75rem 0; accent-color: var(--first); }
output { font-weight: 600; font-variant-numeric: tabular-nums; }
.warnings li::marker { color: var(--second); }
.wide svg { min-width: 44rem; }
@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem 3rem; }
  .figures li { flex-basis: 8rem; }
  .confusion td, .confusion th { min-width: 1.9rem; padding: .25rem .1rem; font-size: .8rem; }
  dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; }
}
`;
