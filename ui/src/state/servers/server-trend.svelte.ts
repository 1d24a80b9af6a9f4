import type { ServerTrend } from '@mcpgw/registry/contract';
import { getServerTrend } from '../../lib/api/registry-api.ts';
import { poll } from '../../lib/dom/poll.ts';

const REFRESH_MS = 60_000;

/** The number of servers, healthy servers and tools, minute by minute. */
class Trend {
  /** As last loaded. */
  points = $state.raw<ServerTrend['points']>([]);

  /** Loads it every minute, until the returned function is called. On failure the previous data remains. */
  start(): () => void {
    return poll(REFRESH_MS, async () => {
      await getServerTrend().then(
        ({ points }) => (this.points = points),
        () => undefined,
      );
    });
  }
}

export const serverTrend = new Trend();
