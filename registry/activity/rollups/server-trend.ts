import type { ServerCounts, ServerTrend } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';

export interface ServerTrendOptions {
  store: Pick<Store, 'serverCounts'>;
  count: () => Promise<ServerCounts>;
  now: () => number;
}

const MINUTE_MS = 60_000;
const RETENTION_MS = 60 * MINUTE_MS;

/** Counts servers once a minute and stores the last hour. */
export function createServerTrend({ store, count, now }: ServerTrendOptions) {
  let countedMinute = NaN;
  return {
    /** Counts, unless this minute was already counted. */
    async sample(): Promise<void> {
      const minute = Math.floor(now() / MINUTE_MS);
      if (minute === countedMinute) return;
      const at = minute * MINUTE_MS;
      await store.serverCounts.put({ at, ...(await count()) }, at - RETENTION_MS);
      countedMinute = minute;
    },

    async read(): Promise<ServerTrend> {
      const rows = await store.serverCounts.list(now() - RETENTION_MS);
      return { points: rows.map(({ at, ...counts }) => ({ at: new Date(at).toISOString(), ...counts })) };
    },
  };
}
