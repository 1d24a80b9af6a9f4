import {
  listAttention,
  listServerAttention,
  type AgentView,
  type AttentionItem,
  type GatewayView,
  type LiveMessage,
  type ServerView,
  type StatsView,
} from '@mcpgw/registry/contract';
import { listAgents } from '../../lib/api/access-api.ts';
import { getGateway } from '../../lib/api/gateway-api.ts';
import { getStats } from '../../lib/api/registry-api.ts';
import { poll } from '../../lib/dom/poll.ts';
import { groupByServer } from '../../lib/servers/attention-labels.ts';
import { clock } from '../app/clock.svelte.ts';
import { live } from './live-connection.svelte.ts';
import { servers } from './servers.svelte.ts';

/** Refusals have no live message, so they are reloaded at this interval. */
const REFRESH_MS = 60_000;
/** Messages that trigger a refresh: `resumed` and `snapshot`, because others may have been missed; a publish begins or ends a rollback. */
const REFRESHING = new Set<LiveMessage['type']>([
  'gateway.changed',
  'generation.published',
  'agents.changed',
  'resumed',
  'snapshot',
]);
/** Several messages within this time trigger one refresh. */
const GATHER_MS = 250;

/** Views are replaced when they change, so each is evaluated once. */
const evaluated = new WeakMap<ServerView, boolean>();
function needsAttention(server: ServerView): boolean {
  let needs = evaluated.get(server);
  if (needs === undefined) evaluated.set(server, (needs = listServerAttention(server).length > 0));
  return needs;
}

/** Everything that needs attention, from the live servers, and the agents and statistics as last loaded. */
class Attention {
  /** As last loaded; empty before, and for users who may not read them. */
  agents = $state.raw<readonly AgentView[]>([]);
  /** Of the gateway itself, as last loaded. */
  gateway = $state.raw<Pick<GatewayView, 'certificates' | 'problems' | 'rollback'>>({
    certificates: [],
    problems: [],
    rollback: null,
  });
  /** Of the last hour, as last loaded. */
  stats = $state.raw<StatsView | undefined>(undefined);
  /** Expiry is counted in days, so a minute is exact enough. */
  readonly #minute = $derived(Math.floor(clock.nowMs / 60_000));

  readonly items: readonly AttentionItem[] = $derived(
    listAttention({
      servers: servers.list.filter(needsAttention),
      agents: this.agents,
      certificates: this.gateway.certificates,
      problems: this.gateway.problems,
      rollback: this.gateway.rollback,
      stats: this.stats,
      nowMs: this.#minute * 60_000,
    }),
  );
  /** By path of the server. */
  readonly #byServer = $derived(groupByServer(this.items));

  /** What needs attention about one server, worst first. */
  of(path: string): readonly AttentionItem[] {
    return this.#byServer.get(path) ?? [];
  }

  /** Loads the data that live messages do not contain: now, whenever a message reports a change, and every minute, until the returned function is called. */
  start(): () => void {
    const stopPolling = poll(REFRESH_MS, () => this.refresh());
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const stopListening = live.listen(({ type }) => {
      if (!REFRESHING.has(type)) return;
      gathering ??= setTimeout(() => {
        gathering = undefined;
        void this.refresh();
      }, GATHER_MS);
    });
    return () => {
      clearTimeout(gathering);
      stopListening();
      stopPolling();
    };
  }

  /** Loads agents, statistics and the gateway's certificates. On failure the previous data remains: the connection status shows that the registry is unreachable. */
  async refresh(): Promise<void> {
    const [agents, stats, gateway] = await Promise.allSettled([listAgents(), getStats(), getGateway()]);
    if (agents.status === 'fulfilled') this.agents = agents.value;
    if (stats.status === 'fulfilled') this.stats = stats.value;
    if (gateway.status === 'fulfilled') this.gateway = gateway.value;
  }
}

export const attention = new Attention();
