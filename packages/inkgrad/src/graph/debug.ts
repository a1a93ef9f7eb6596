/** Are nodes checked as they are made? Off, this costs the reading of a variable. */
export let debugging = false;

/**
 * Debug mode: every node is held against the grammar of the graph (`verify`) as it is made, and
 * every graph again before it is evaluated. For hunting defects of the library; slow.
 */
export function setDebug(on: boolean): void {
  debugging = on;
}
