/** Milliseconds of the processor that so many calls take: what other programs do is not in it. */
function processorTime(f, calls) {
  const start = process.cpuUsage();
  for (let call = 0; call < calls; call++) f();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/**
 * Milliseconds of the processor that a function takes, at best. Short functions are called many times for
 * each measurement; the first calls, in which code is made ready, do not count. On several threads it is
 * the time of all of them together, so lessons about time call `setThreads(1)` first.
 */
export function fastest(f, { runs = 5, least = 2 } = {}) {
  let calls = 1;
  let time = processorTime(f, calls);
  for (; time < least; time = processorTime(f, calls)) calls *= 2;
  let best = Infinity;
  for (let run = 0; run < runs; run++) best = Math.min(best, processorTime(f, calls) / calls);
  return best;
}
