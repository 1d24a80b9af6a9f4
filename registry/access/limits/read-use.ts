import {
  burstOf,
  dayOf,
  endOfDay,
  usedOf,
  usedToday,
  type LimitRule,
  type LimitUse,
  type ZoneOffset,
} from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Rows, StoredLimits } from '../../store/index.ts';
import { compileZone } from './compile-limits.ts';
import { nameCounters, nameCountersOf } from './name-counters.ts';

/** The counters of one rule, as NGINX stores them; null: nothing was counted yet. */
export interface Counters {
  /** When the bucket of the rate is full again, milliseconds since 1970. */
  fullAtMs: number | null;
  /** A day and the calls in it (contract/gate/limits/quota.ts). */
  today: number | null;
  calls: number;
  streams: number;
  largeBodies: number;
}

/** Reads counters from NGINX by their names; undefined: it cannot be reached. */
export type ReadCounters = (names: readonly string[]) => Promise<ReadonlyMap<string, Counters> | undefined>;

/** A rule, and the name of its counters that apply. */
export interface Counted {
  of: LimitUse['of'];
  name: string;
  rule: LimitRule;
  counters: string;
  /** Zone offsets of the days that are counted. */
  offsets: ZoneOffset[];
}

/** The rules of one owner that count all agents together, or those that count this agent separately. `zone`: of the agent. */
export function listCounted(
  stored: StoredLimits,
  name: string,
  agent: { name: string; zone: string } | undefined,
): Counted[] {
  const year = new Date().getUTCFullYear();
  const isAgents = stored.scope === 'agent';
  return stored.rules
    .filter(({ perAgent }) => isAgents || (perAgent === true) === (agent !== undefined))
    .map((rule) => {
      const id = nameCounters(stored, rule);
      const isByAgent = rule.perAgent === true && agent !== undefined;
      return {
        of: stored.scope,
        name,
        rule,
        counters: isByAgent ? nameCountersOf(id, agent.name) : id,
        offsets: compileZone(isByAgent ? agent.zone : stored.zone, year) ?? [],
      };
    });
}

/** The rules of an agent's groups: those that count it separately, and those that count it together with the others. */
export async function listGroupRules(
  rows: Pick<Rows, 'agents' | 'limits'>,
  agent: { name: string; zone: string },
): Promise<Counted[]> {
  const found: Counted[] = [];
  for (const target of (await rows.agents.byName(agent.name))?.groups.toSorted() ?? []) {
    const stored = await rows.limits.of({ scope: 'group', target });
    if (stored === undefined) continue;
    found.push(...listCounted(stored, target, undefined), ...listCounted(stored, target, agent));
  }
  return found;
}

/** The rules of servers that count each agent separately. */
export async function listServerRules(
  rows: Pick<Rows, 'limits' | 'servers'>,
  agent: { name: string; zone: string },
): Promise<Counted[]> {
  const found: Counted[] = [];
  for (const stored of await rows.limits.all()) {
    if (stored.scope !== 'server' || !stored.rules.some(({ perAgent }) => perAgent)) continue;
    const server = await rows.servers.byId(stored.target);
    if (server !== undefined && server.removedAt === null) found.push(...listCounted(stored, server.path, agent));
  }
  return found;
}

const NOTHING: Counters = { fullAtMs: null, today: null, calls: 0, streams: 0, largeBodies: 0 };

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

function view({ of, name, rule, offsets }: Counted, counters: Counters, nowMs: number): LimitUse {
  const { requestsPerSecond, concurrentCalls, concurrentStreams, callsPerDay, largeBodies } = rule;
  const use: LimitUse = { of, name, rule };
  if (requestsPerSecond !== undefined) {
    const bucket = { perSecond: requestsPerSecond, burst: burstOf(requestsPerSecond, rule.burst) };
    const fullAt = counters.fullAtMs ?? nowMs;
    use.requests = {
      used: Math.round(100 * usedOf(bucket, fullAt, nowMs)) / 100,
      limit: bucket.burst,
      fullAt: toIso(Math.max(fullAt, nowMs)),
    };
  }
  if (concurrentCalls !== undefined) use.concurrentCalls = { used: counters.calls, limit: concurrentCalls };
  if (concurrentStreams !== undefined) use.concurrentStreams = { used: counters.streams, limit: concurrentStreams };
  if (largeBodies !== undefined) use.largeBodies = { used: counters.largeBodies, limit: largeBodies };
  if (callsPerDay !== undefined)
    use.callsToday = {
      used: usedToday(counters.today ?? undefined, dayOf(offsets, nowMs)),
      limit: callsPerDay,
      resetsAt: toIso(endOfDay(offsets, nowMs)),
    };
  return use;
}

/** How much of each rule is used. Throws RegistryError `unavailable` when NGINX does not respond. */
export async function readUse(counted: readonly Counted[], readCounters: ReadCounters): Promise<LimitUse[]> {
  if (counted.length === 0) return [];
  const found = await readCounters([...new Set(counted.map(({ counters }) => counters))]);
  if (found === undefined)
    throw new RegistryError('unavailable', 'NGINX does not report the usage', {
      hint: 'It continues to count while it runs. Check GET /health and DATA_DIR/logs/nginx/current.',
      retryAfterS: 5,
    });
  const nowMs = Date.now();
  return counted.map((one) => view(one, found.get(one.counters) ?? NOTHING, nowMs));
}
