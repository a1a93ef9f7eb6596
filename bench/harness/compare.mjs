/** Runs ours and the peers in turn, round after round, and compares the medians. */
import { rates } from "./cases.mjs";
import { median } from "./median.mjs";
import { measure, ours, peers } from "./runners.mjs";

/**
 * Rounds in which other work took more than this share of a core do not count if there are others:
 * threads that wait for each other lose far more than that share.
 */
const disturbance = 0.15;

/**
 * The results of one case: { case, batch, size, threads, ours, peer, peerName, ratio, unit }, one for
 * each engine, key and peer. A ratio above 1 says that ours is faster (or smaller).
 *
 * @param options.engines  [{ name, version, wide, deterministic, flags }], the Node versions that ours is measured in
 */
export async function compare(one, { engines: all, rounds, tries, seconds }) {
  const engines = one.once ? all.slice(0, 1) : all;
  const task = { seconds, ...one.task, threads: one.threads };
  const contestants = engines.flatMap((engine) => [
    { role: "ours", engine, runner: ours(engine.version, engine.flags) },
    ...one.peers
      .filter((name) => peers[name].sameEngine)
      .map((name) => ({ role: "peer", engine, runner: peers[name] })),
  ]);
  for (const name of one.peers)
    if (!peers[name].sameEngine) contestants.push({ role: "peer", runner: peers[name] });
  for (const contestant of contestants) contestant.reports = [];

  for (let round = 0; round < (one.once ? 1 : rounds); round++)
    for (const contestant of contestants) {
      if (round > 0 && (contestant.outcome.values === undefined || contestant.slow)) continue;
      await measureInQuiet(contestant, task, one.once ? 1 : tries);
    }

  const own = contestants.filter(({ role }) => role === "ours");
  return own.flatMap((mine) =>
    (one.keys ?? [""]).flatMap((key) =>
      contestants
        .filter(({ role, engine }) => role === "peer" && (engine ?? mine.engine) === mine.engine)
        .map((peer) => result(one, key, mine, peer)),
    ),
  );
}

/** What takes longer than this is measured once: its steps take seconds, and it is far behind. */
const slowMs = 30_000;

/** Measures, and again if it was disturbed. */
async function measureInQuiet(contestant, task, tries) {
  for (let i = 0; i < tries && !contestant.slow; i++) {
    const start = performance.now();
    const { wide = false, deterministic = false } = contestant.engine ?? {};
    const mode = { wide, deterministic };
    contestant.outcome = await measure(contestant.runner, { ...task, ...mode }, contestant.engine);
    contestant.slow = performance.now() - start > slowMs;
    if (contestant.outcome.values === undefined) return;
    contestant.reports.push(contestant.outcome);
    if (contestant.outcome.others <= disturbance) return;
  }
}

function result(one, key, mine, peer) {
  const [a, b] = [valueOf(mine, key), valueOf(peer, key)];
  const faster = rates.has(one.unit) ? a / b : b / a;
  return {
    case: key === "" || one.keyIs ? one.name : `${one.name} ${key}`,
    batch: one.batch,
    ...(one.keyIs && { [one.keyIs]: key }),
    threads: one.threads,
    oursName: mine.runner.label,
    node: mine.engine.name,
    ours: a,
    oursThreads: mine.reports[0]?.threads,
    peerName: peer.runner.label,
    peer: b,
    peerThreads: peer.reports[0]?.threads,
    ratio: a === undefined || b === undefined ? undefined : faster,
    unit: one.unit,
    oursRounds: counted(mine.reports).length,
    peerRounds: counted(peer.reports).length,
    others: Math.max(othersOf(mine), othersOf(peer)),
    note: [noteOf(one, mine, "ours"), noteOf(one, peer, "peer")].filter(Boolean).join("; "),
  };
}

function counted(reports) {
  const quiet = reports.filter(({ others }) => others <= disturbance);
  return quiet.length > 0 ? quiet : reports;
}

const medianOf = (reports, f) => (reports.length === 0 ? undefined : median(reports.map(f)));

const valueOf = ({ reports }, key) => medianOf(counted(reports), ({ values }) => values[key]);

const othersOf = ({ reports }) => medianOf(counted(reports), ({ others }) => others) ?? 0;

function noteOf(one, { outcome, reports }, who) {
  if (reports.length === 0) {
    const { absent, failed } = outcome;
    return absent === undefined ? `${who} failed: ${failed}` : `${who} absent: ${absent}`;
  }
  const others = othersOf({ reports });
  return others <= disturbance
    ? undefined
    : `${who} disturbed: others had ${others.toFixed(1)} cores`;
}
