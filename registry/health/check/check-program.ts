import type { BridgeStatus, HealthStatus, ProbeResult } from '../../contract/index.ts';
import { describeError, RegistryError } from '../../lib/errors.ts';
import type { StoredServer } from '../../store/index.ts';
import { quoteForeign } from '../explain/redact.ts';
import type { ProgramHost } from '../health-deps.ts';
import type { Flaw } from '../probe/flaw.ts';
import { NOTHING_FOUND } from '../probe/probe-options.ts';
import { collectTools } from '../listing/collect-tools.ts';
import type { InstanceCheck } from './check-instance.ts';

export interface ProgramChecks {
  /** Queries the bridge for the state of a server; `start`: it is started once if it is not running. Never throws. */
  check(server: StoredServer, start: boolean): Promise<InstanceCheck>;
  forget(serverId: string): void;
}

/** A start with a download takes longer; the next sweep reports its result. */
const START_MS = 25_000;
const STATUS_MS = 5_000;
const HEALTH: Record<BridgeStatus['state'], HealthStatus> = {
  running: 'healthy',
  idle: 'idle',
  degraded: 'degraded',
  failed: 'unhealthy',
};
const MAX_PROBLEM = 600;

/** Names of capabilities as a probe reports them: `tools`, `tools.listChanged`. */
function flatten(capabilities: Record<string, unknown>): string[] {
  return Object.entries(capabilities).flatMap(([name, value]) => {
    if (typeof value !== 'object' || value === null) return [name];
    const flags = Object.entries(value).filter(([, flag]) => flag === true);
    return [name, ...flags.map(([flag]) => `${name}.${flag}`)];
  });
}

/** The last known list of tools of a server: an unchanged list is not sent again, and its flaw still applies. */
interface KnownList {
  hash: string | null;
  flaw: Flaw | null;
}

async function toCheck(server: StoredServer, status: BridgeStatus, known: KnownList): Promise<InstanceCheck> {
  const collected = collectTools('legacy');
  if (status.tools !== null) {
    await collected.add(status.tools);
    known.hash = status.toolsHash;
    known.flaw = collected.flaws()[0] ?? null;
  }
  const isListed = status.tools !== null && !collected.isRejected();
  const { flaw } = known;
  const isFailed = status.state === 'failed';
  const problem = status.problem === null ? (flaw?.problem ?? null) : quoteForeign(status.problem, MAX_PROBLEM);
  const result: ProbeResult = {
    ...NOTHING_FOUND,
    health: flaw !== null && !isFailed ? 'degraded' : HEALTH[status.state],
    transport: 'streamable-http',
    endpoints: server.instances[0]?.endpoints ?? null,
    era: 'legacy',
    protocolVersion: status.protocolVersion,
    serverInfo: status.serverInfo,
    capabilities: flatten(status.capabilities),
    ...collected.list(),
    listing: isListed ? 'all' : 'none',
    latencyMs: status.latencyMs,
    problem,
    remedy: status.problem === null ? (flaw?.remedy ?? null) : status.remedy,
  };
  return { result, listed: isListed };
}

function failed(error: unknown, isStarting: boolean): InstanceCheck {
  const problem = describeError(error);
  const remedy = error instanceof RegistryError ? (error.hint ?? null) : null;
  if (!isStarting) return { listed: false, result: { ...NOTHING_FOUND, health: 'unhealthy', problem, remedy } };
  const seconds = START_MS / 1_000;
  return {
    listed: false,
    result: {
      ...NOTHING_FOUND,
      problem: `Its program has been starting for more than ${seconds} s; it may be downloading`,
      remedy: 'See its output. The next check shows whether it started.',
    },
  };
}

/** Creates the checks of servers that the bridge runs. Without `start` a check starts no process. */
export function createProgramChecks(host: ProgramHost): ProgramChecks {
  const lists = new Map<string, KnownList>();
  return {
    async check(server, start) {
      const began = performance.now();
      const timeoutMs = start ? START_MS : STATUS_MS;
      try {
        const known = lists.get(server.id) ?? { hash: null, flaw: null };
        lists.set(server.id, known);
        return await toCheck(server, await host.status(server.id, { start, knownHash: known.hash, timeoutMs }), known);
      } catch (error) {
        return failed(error, start && performance.now() - began >= START_MS);
      }
    },
    forget: (serverId) => void lists.delete(serverId),
  };
}
