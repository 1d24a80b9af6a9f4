import { readCpuTimeUs } from './cpu-time.ts';
import { shuffle } from './statistics.ts';
import { measureCalls, type Load, type Measured, type Target } from './wrk.ts';

/** A target of calls; `pids` are the processes whose CPU time is attributed to it. */
export interface Rival extends Target {
  name: string;
  pids?: () => number[];
}

export interface Round extends Measured {
  /** CPU time of the rival's own processes, per call. */
  cpuUs: number | null;
}

/** Measures all rivals once per round, in a different order each time, after a short run each to warm up. Returns the rounds by name. */
export async function compareRivals(
  rivals: readonly Rival[],
  load: Load,
  rounds: number,
): Promise<Map<string, Round[]>> {
  const results = new Map<string, Round[]>(rivals.map(({ name }) => [name, []]));
  for (const rival of rivals) await measureCalls(rival, { ...load, seconds: 1 });
  for (let round = 0; round < rounds; round += 1)
    for (const rival of shuffle(rivals)) {
      const pids = rival.pids?.();
      const before = pids === undefined ? 0 : readCpuTimeUs(pids);
      const measured = await measureCalls(rival, load);
      const cpuUs = pids === undefined ? null : (readCpuTimeUs(pids) - before) / measured.requests;
      results.get(rival.name)?.push({ ...measured, cpuUs });
    }
  return results;
}

/** For each round, `of` of one rival divided by that of another. */
export function ratios(
  rounds: Map<string, Round[]>,
  name: string,
  otherName: string,
  of: (round: Round) => number,
): number[] {
  const others = rounds.get(otherName) ?? [];
  return (rounds.get(name) ?? []).map((round, index) => {
    const rival = others[index];
    if (rival === undefined) throw new Error(`${otherName} has fewer rounds than ${name}`);
    return of(round) / of(rival);
  });
}
