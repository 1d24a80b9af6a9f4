import type { Culprit } from './server-block.ts';

export interface Attempt<Result> {
  /** The result; null when the attempt failed. */
  passed: Result | null;
  /** The server at fault, if the failure names it. */
  culprit: Culprit | null;
  /** Why it failed, in NGINX's words. */
  message: string;
}

export interface ValidServersInput<Result> {
  serverIds: readonly string[];
  /** Servers that are excluded from the beginning, with the reason. */
  rejected: ReadonlyMap<string, string>;
  attempt: (rejected: ReadonlyMap<string, string>) => Promise<Attempt<Result>>;
  /** Maximum number of attempts. */
  maxAttempts: number;
}

export type Found<Result> =
  { passed: Result; rejected: Map<string, string> } | { passed: null; message: string; rejected: Map<string, string> };

/**
 * Finds the largest set of servers that NGINX accepts: excludes the server that a failure names; if it names none, adds servers to the passing
 * set by bisection. Returns null with the message when not even a configuration without servers passes: then no server is at fault.
 */
export async function findValidServers<Result>(input: ValidServersInput<Result>): Promise<Found<Result>> {
  const { serverIds, attempt } = input;
  const rejected = new Map(input.rejected);
  let remaining = input.maxAttempts;
  let last = await attempt(rejected);
  // Many servers at fault would cost a test each; bisection costs their number times a logarithm, and never more than allowed.
  for (let named = 0; last.passed === null && last.culprit !== null && named < 20 && remaining > 0; named += 1) {
    if (rejected.has(last.culprit.serverId)) break;
    rejected.set(last.culprit.serverId, last.culprit.message);
    remaining -= 1;
    last = await attempt(rejected);
  }
  if (last.passed !== null) return { passed: last.passed, rejected };

  const message = last.message;
  const open = serverIds.filter((id) => !rejected.has(id));
  const without = (accepted: ReadonlySet<string>) =>
    new Map([...rejected, ...open.filter((id) => !accepted.has(id)).map((id) => [id, message] as const)]);
  let accepted = new Set<string>();
  let best = await attempt(without(accepted));
  if (best.passed === null) return { passed: null, message: best.message, rejected };

  async function addAll(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const wider = new Set([...accepted, ...ids]);
    remaining -= 1;
    const tried = remaining >= 0 ? await attempt(without(wider)) : null;
    if (tried !== null && tried.passed !== null) {
      accepted = wider;
      best = tried;
      return;
    }
    if (ids.length === 1) {
      const why = tried === null ? 'Excluded untested: too many servers failed at once' : tried.message;
      rejected.set(ids[0] ?? '', tried?.culprit?.message ?? why);
      return;
    }
    await addAll(ids.slice(0, ids.length / 2));
    await addAll(ids.slice(ids.length / 2));
  }
  await addAll(open);
  // The last attempt may have failed: the passing set must be the one that is staged.
  const final = await attempt(without(accepted));
  return final.passed === null
    ? { passed: null, message: final.message, rejected }
    : { passed: final.passed, rejected: without(accepted) };
}
