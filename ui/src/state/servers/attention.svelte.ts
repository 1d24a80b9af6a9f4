import {
  listAttention,
  listServerAttention,
  type AgentView,
  type AttentionItem,
  type ServerView,
  type StatsView,
} from '@mcpgw/registry/contract';
import { listAgents } from '../../lib/api/access-api.ts';
import { getStats } from '../../lib/api/registry-api.ts';
import { poll } from '../../lib/dom/poll.ts';
import { groupByServer } from '../../lib/servers/attention-labels.ts';
import { clock } from '../app/clock.svelte.ts';
import { servers } from './servers.svelte.ts';

/** Agents and refusals have no live message of their own, so they are read again this often. */
const REFRESH_MS = 60_000;

/** Views are replaced when they change, so each is looked at once. */
const looked = new WeakMap<ServerView, boolean>();
function needsAttention(server: ServerView): boolean {
  let needs = looked.get(server);
  if (needs === undefined) looked.set(server, (needs = listServerAttention(server).length > 0));
  return needs;
}

/** Everything that needs attention, from the live servers, and the agents and statistics as last read. */
class Attention {
  /** As last read; empty before, and for those who may not read them. */
  agents = $state.raw<readonly AgentView[]>([]);
  /** Of the last hour, as last read. */
  stats = $state.raw<StatsView | undefined>(undefined);
  /** Expiry is counted in days, so a minute is exact enough. */
  readonly #minute = $derived(Math.floor(clock.nowMs / 60_000));

  readonly items: readonly AttentionItem[] = $derived(
    listAttention({
      servers: servers.list.filter(needsAttention),
      agents: this.agents,
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

  /** Reads agents and statistics now and every minute, until the returned function is called. */
  start(): () => void {
    return poll(REFRESH_MS, () => this.refresh());
  }

  /** Reads agents and statistics. What cannot be read stays as it was: the connection status says that the registry is away. */
  async refresh(): Promise<void> {
    const [agents, stats] = await Promise.allSettled([listAgents(), getStats()]);
    if (agents.status === 'fulfilled') this.agents = agents.value;
    if (stats.status === 'fulfilled') this.stats = stats.value;
  }
}

export const attention = new Attention();
