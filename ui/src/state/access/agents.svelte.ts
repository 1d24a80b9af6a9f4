import type { AgentView } from '@mcpgw/registry/contract';
import { getAgentStats } from '../../lib/api/activity-api.ts';
import { listAgents } from '../../lib/api/access-api.ts';
import { poll } from '../../lib/dom/poll.ts';
import { Resource } from '../requests/resource.svelte.ts';
import { live } from '../servers/live-connection.svelte.ts';

const STATS_REFRESH_MS = 15_000;

/** All agents, reloaded when one of them changes, and their calls of the last week. */
export class Agents {
  readonly list = new Resource(listAgents);
  readonly #stats = new Resource(() => getAgentStats('week'));
  readonly #statsOf = $derived(Object.fromEntries((this.#stats.value?.items ?? []).map((item) => [item.agent, item])));

  /** The calls of an agent in the last week; undefined if there are none, or they are not loaded yet. */
  stats(name: string) {
    return Object.hasOwn(this.#statsOf, name) ? this.#statsOf[name] : undefined;
  }

  /** Loads them now and when they change, until the returned function is called. */
  start(): () => void {
    this.list.load();
    const stop = live.listen(({ type }) => {
      if (type === 'snapshot' || type === 'agents.changed' || type === 'gateway.changed') this.list.load();
    });
    const stopStats = poll(STATS_REFRESH_MS, this.#stats.refresh);
    return () => {
      stop();
      stopStats();
    };
  }

  /** Stores an agent that a request returned. */
  put(agent: AgentView): void {
    this.list.set((this.list.value ?? []).map((known) => (known.name === agent.name ? agent : known)));
  }
}
