import type { ServerTrend } from '@mcpgw/registry/contract';
import { getServerTrend } from '../../lib/api/registry-api.ts';
import { poll } from '../../lib/dom/poll.ts';

const REFRESH_MS = 60_000;

/** How many servers, healthy ones and tools there were, minute by minute. */
class Trend {
  /** As last read. */
  points = $state.raw<ServerTrend['points']>([]);

  /** Reads it every minute, until the returned function is called. What cannot be read stays as it was. */
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
