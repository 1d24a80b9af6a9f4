import { listAttention, type AgentView, type AttentionItem, type StatsView } from '@mcpgw/registry/contract';
import { listAgents } from '../../lib/api/access-api.ts';
import { getStats } from '../../lib/api/registry-api.ts';
import { groupByServer } from '../../lib/servers/attention-labels.ts';
import { clock } from '../app/clock.svelte.ts';
import { servers } from './servers.svelte.ts';

/** Agents and refusals have no live message of their own, so they are read again this often. */
const REFRESH_MS = 60_000;

/** Everything that needs attention, from the live servers, and the agents and statistics as last read. */
class Attention {
  #agents = $state.raw<readonly AgentView[]>([]);
  #stats = $state.raw<StatsView | undefined>(undefined);
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Expiry is counted in days, so a minute is exact enough. */
  readonly #minute = $derived(Math.floor(clock.nowMs / 60_000));

  readonly items: readonly AttentionItem[] = $derived(
    listAttention({ servers: servers.list, agents: this.#agents, stats: this.#stats, nowMs: this.#minute * 60_000 }),
  );
  /** By path of the server. */
  readonly #byServer = $derived(groupByServer(this.items));

  /** What needs attention about one server, worst first. */
  of(path: string): readonly AttentionItem[] {
    return this.#byServer.get(path) ?? [];
  }

  /** Reads agents and statistics now and every minute, until the returned function is called. */
  start(): () => void {
    void this.refresh();
    this.#timer = setInterval(() => {
      if (!document.hidden) void this.refresh();
    }, REFRESH_MS);
    return () => clearInterval(this.#timer);
  }

  /** Reads agents and statistics. What cannot be read stays as it was: the connection status says that the registry is away. */
  async refresh(): Promise<void> {
    const [agents, stats] = await Promise.allSettled([listAgents(), getStats()]);
    if (agents.status === 'fulfilled') this.#agents = agents.value;
    if (stats.status === 'fulfilled') this.#stats = stats.value;
  }
}

export const attention = new Attention();
