import type { AgentView } from '@mcpgw/registry/contract';
import { getAgentStats } from '../../lib/api/activity-api.ts';
import { listAgents } from '../../lib/api/access-api.ts';
import { poll } from '../../lib/dom/poll.ts';
import { Resource } from '../requests/resource.svelte.ts';
import { live } from '../servers/live-connection.svelte.ts';

const STATS_REFRESH_MS = 15_000;

/** All agents, read again when one of them changes, and what they called in the last week. */
export class Agents {
  readonly list = new Resource(listAgents);
  readonly #stats = new Resource(() => getAgentStats('week'));
  readonly #statsOf = $derived(Object.fromEntries((this.#stats.value?.items ?? []).map((one) => [one.agent, one])));

  /** What an agent called in the last week; undefined: nothing, or it is not known yet. */
  stats(name: string) {
    return Object.hasOwn(this.#statsOf, name) ? this.#statsOf[name] : undefined;
  }

  /** Reads them now and when they change, until the returned function is called. */
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

  /** Takes in an agent that a request has answered with. */
  put(agent: AgentView): void {
    this.list.set((this.list.value ?? []).map((one) => (one.name === agent.name ? agent : one)));
  }
}
