import type { InstanceProbe, ProbeResult } from '../../contract/index.ts';
import { describeError } from '../../errors.ts';
import type { StoredServer } from '../../store/index.ts';
import { createGuardedAgent, createGuardedClients, type GuardedAgent } from '../transport/guarded-agent.ts';
import { keepVerdicts } from './record-verdicts.ts';
import { hasList, lookAtInstance, type Looked } from './check-instance.ts';
import { createObservationBuffer } from './observation-buffer.ts';
import type { HealthParts } from '../health-deps.ts';
import type { ProbeOptions } from '../probe/probe-options.ts';
import { recallInstance, recallServer, type ServerMemory } from '../status/server-state.ts';

export interface CheckOptions {
  /** Ask for everything, whatever is known. */
  whole: boolean;
  /** One failure is enough. */
  decisive: boolean;
}

/** Looks at single servers, remembers them between checks and keeps what was seen. */
export interface Checker {
  check(server: StoredServer, options: CheckOptions): Promise<ReadonlyMap<string, Looked>>;
  record(server: StoredServer, verdicts: readonly InstanceProbe[]): Promise<void>;
  memory(serverId: string): ServerMemory | undefined;
  forget(serverId: string): void;
  /** Bounds of a whole probe, as they are now. */
  probeOptions(): ProbeOptions;
  /** For what is listened to between checks. */
  agent: GuardedAgent;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** How long a list of tools counts as known without being asked for again; at least half of it. */
const RELIST_MS = 10 * 60_000;

/** Makes the checker; `counted` hears of each verdict. */
export function createChecker(parts: HealthParts, counted: (result: ProbeResult) => void): Checker {
  const { store, log } = parts;
  const memories = new Map<string, ServerMemory>();
  const turns = new Map<string, Promise<unknown>>();
  const ending = new AbortController();
  const guarded = { guard: parts.guard, connectMs: 60_000, keepAliveMs: 1_000, ca: parts.ca };
  const agent = createGuardedAgent(guarded);
  const connect = createGuardedClients(guarded);
  const buffer = createObservationBuffer(store, (error) => {
    log.error({ error: describeError(error) }, 'what checks saw could not be stored');
  });

  const bounds = () => ({ publicHost: parts.publicHost, timeoutMs: parts.timeoutMs(), signal: ending.signal });
  const probeOptions = () => ({ ...bounds(), guard: parts.guard, ca: parts.ca });

  /** Work on one server is done one after another, so that two checks never judge by the same memory. */
  async function inTurn<Value>(serverId: string, work: () => Promise<Value>): Promise<Value> {
    const before = turns.get(serverId);
    const mine = (async () => {
      await before?.catch(() => undefined);
      return work();
    })();
    turns.set(serverId, mine);
    try {
      return await mine;
    } finally {
      if (turns.get(serverId) === mine) turns.delete(serverId);
    }
  }

  async function remember(server: StoredServer): Promise<ServerMemory> {
    const there = memories.get(server.id);
    if (there !== undefined) return there;
    const memory = recallServer(server, await store.observations.byServer(server.id));
    // After a restart the lists are not asked for all at once.
    const isListed = server.instances.every(({ enabled, toolsHash }) => !enabled || toolsHash !== null);
    if (memory.observation?.snapshotHash && isListed)
      memory.listAgainAtMs = performance.now() + Math.random() * RELIST_MS;
    memories.set(server.id, memory);
    return memory;
  }

  async function keep(
    server: StoredServer,
    verdicts: ReadonlyMap<string, Looked>,
    asked: { decisive: boolean; wantsList: boolean },
  ): Promise<void> {
    // A server of which no instance is enabled cannot be looked at, and is no longer what it was.
    if (verdicts.size === 0 && server.instances.some(({ enabled }) => enabled)) return;
    // Not in the same sweep for all that were registered together: a whole probe costs as much as many checks.
    const listAgainAtMs = performance.now() + RELIST_MS * (1 - Math.random() / 2);
    const options = { ...asked, slowMs: parts.timeoutMs() / 2, now: Date.now(), listAgainAtMs };
    buffer.add(await keepVerdicts(parts, server, await remember(server), verdicts, options));
  }

  async function look(server: StoredServer, { whole, decisive }: CheckOptions): Promise<ReadonlyMap<string, Looked>> {
    const memory = await remember(server);
    const headers = server.headerNames.length === 0 ? {} : await store.servers.credentials(server.id);
    const options = {
      light: { ...bounds(), connect },
      whole: probeOptions(),
      wantsWhole: whole || memory.wantsWhole || performance.now() > memory.listAgainAtMs,
    };
    const verdicts = new Map<string, Looked>();
    await Promise.all(
      server.instances.map(async (instance) => {
        if (!instance.enabled) return;
        const known = memory.instances.get(instance.id) ?? recallInstance(instance, undefined);
        verdicts.set(instance.id, await lookAtInstance(server, instance, headers, known, options));
      }),
    );
    // What was changed or removed meanwhile was seen as it no longer is; what was cut off at the end says nothing.
    if (ending.signal.aborted || !(await store.servers.isAt(server.id, server.revision))) return new Map();
    await keep(server, verdicts, { decisive, wantsList: options.wantsWhole });
    for (const { result } of verdicts.values()) counted(result);
    return verdicts;
  }

  return {
    check: (server, options) => inTurn(server.id, () => look(server, options)),
    record: (server, verdicts) =>
      inTurn(server.id, async () => {
        const looked = verdicts.map(({ instanceId, result }) => {
          return [instanceId, { result, listed: hasList(result) }] as const;
        });
        await keep(server, new Map(looked), { decisive: true, wantsList: false });
        await buffer.flush();
      }),
    memory: (serverId) => memories.get(serverId),
    forget: (serverId) => void memories.delete(serverId),
    probeOptions,
    agent,
    flush: () => buffer.flush(),
    async close() {
      ending.abort();
      await Promise.all([...turns.values()].map((turn) => turn.catch(() => undefined)));
      await buffer.close();
      await agent.destroy();
    },
  };
}
