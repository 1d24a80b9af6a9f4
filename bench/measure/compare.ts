import { readCpuTimeUs } from './cpu-time.ts';
import { shuffle } from './statistics.ts';
import { measureCalls, type Load, type Measured, type Target } from './wrk.ts';

/** Something that calls are sent to; `pids` are the processes whose CPU time counts for it. */
export interface Rival extends Target {
  name: string;
  pids?: () => number[];
}

export interface Round extends Measured {
  /** CPU time of the rival's own processes, per call. */
  cpuUs: number | null;
}

/** Measures all rivals once a round, in another order each time, after one short run each to warm up. Gives the rounds by name. */
export async function compareRivals(
  rivals: readonly Rival[],
  load: Load,
  rounds: number,
): Promise<Map<string, Round[]>> {
  const found = new Map<string, Round[]>(rivals.map(({ name }) => [name, []]));
  for (const rival of rivals) await measureCalls(rival, { ...load, seconds: 1 });
  for (let round = 0; round < rounds; round += 1)
    for (const rival of shuffle(rivals)) {
      const pids = rival.pids?.();
      const before = pids === undefined ? 0 : readCpuTimeUs(pids);
      const measured = await measureCalls(rival, load);
      const cpuUs = pids === undefined ? null : (readCpuTimeUs(pids) - before) / measured.requests;
      found.get(rival.name)?.push({ ...measured, cpuUs });
    }
  return found;
}

/** For each round, `of` of one rival divided by that of another. */
export function ratios(
  rounds: Map<string, Round[]>,
  one: string,
  other: string,
  of: (round: Round) => number,
): number[] {
  const others = rounds.get(other) ?? [];
  return (rounds.get(one) ?? []).map((round, index) => {
    const rival = others[index];
    if (rival === undefined) throw new Error(`${other} has fewer rounds than ${one}`);
    return of(round) / of(rival);
  });
}
