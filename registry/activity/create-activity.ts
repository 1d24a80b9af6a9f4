import { join } from 'node:path';
import type {
  AgentStats,
  CallFigures,
  ServerCounts,
  ServerStats,
  ServerTrend,
  StatsQuery,
  StatsRange,
  StatsView,
} from '../contract/index.ts';
import type { Events } from '../lib/events.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/index.ts';
import { listLogFiles, LOG_NAME } from './tail/log-files.ts';
import { readAgentStats, readServerStats, readStats, readTotals } from './rollups/read-stats.ts';
import { memoize } from './rollups/memoize.ts';
import { HOUR_S, MINUTE_S } from './rollups/roll-up.ts';
import { rotate } from './tail/rotate.ts';
import { createRollupSink } from './rollups/rollup-sink.ts';
import { createServerTrend } from './rollups/server-trend.ts';
import { Tail } from './tail/tail.ts';

export interface ActivityOptions {
  store: Pick<Store, 'transaction' | 'meta' | 'calls' | 'serverCounts'>;
  events: Events;
  logDir: string;
  /** Makes NGINX reopen its logs (USR1); called after one was rotated. */
  reopenLog: () => Promise<void> | void;
  countServers: () => Promise<ServerCounts>;
  log: Pick<Log, 'warn'>;
  pollMs?: number;
  /** calls.log is rotated beyond this size; together with the old files it takes at most `keepFiles + 1` times this size on disk. */
  maxLogBytes?: number;
  keepFiles?: number;
  /** The same for error.log: it gets a line for each call to an unreachable server. */
  maxErrorLogBytes?: number;
  /** Statistics are at most this old. */
  statsAgeMs?: number;
  now?: () => number;
}

export interface Activity {
  /** Starts following calls.log. */
  start(): void;
  /** Reads everything that is in the log now. */
  readAll(): Promise<void>;
  stats(query: StatsQuery): Promise<StatsView>;
  /** Statistics of each agent. */
  agentStats(range: StatsRange): Promise<AgentStats>;
  serverStats(range: StatsRange): Promise<ServerStats>;
  /** The number of servers in each minute. */
  serverTrend(): Promise<ServerTrend>;
  /** Only the sums. */
  totals(range: StatsRange): Promise<CallFigures>;
  /** Stops after the batch that is being read. */
  close(): Promise<void>;
}

const MB = 1024 * 1024;
const DAY_MS = 86_400_000;
const RETENTION = [
  { stepS: MINUTE_S, days: 2 },
  { stepS: HOUR_S, days: 8 },
] as const;
/** Maximum number of rows stored for each step, regardless of age: about 200 MB. */
const MAX_ROWS = 1_000_000;
const PRUNE_MS = 10 * 60_000;
const ROTATE_MS = 5_000;
const ERROR_LOG = 'error.log';

/** Creates the activity feature: it reads calls.log into rollups, rotates NGINX's logs, and returns statistics. */
export function createActivity(options: ActivityOptions): Activity {
  const { store, events, logDir, log } = options;
  const {
    pollMs = 500,
    maxLogBytes = 64 * MB,
    maxErrorLogBytes = 5 * MB,
    keepFiles = 3,
    statsAgeMs = 1_000,
    now = Date.now,
  } = options;
  const oldestMs = () => now() - RETENTION[1].days * DAY_MS;
  const tail = new Tail(logDir, createRollupSink({ store, oldestMs, now }));
  const trend = createServerTrend({ store, count: options.countServers, now });
  let timer: NodeJS.Timeout | undefined;
  let polling: Promise<void> = Promise.resolve();
  let closed = false;
  let prunedMs = 0;
  let rotatedMs = 0;

  async function readBatches(): Promise<void> {
    for (;;) {
      const read = await tail.step();
      if (read === null) return;
      if (read.lines > 0) events.emit('calls.counted', { lines: read.lines });
      if (read.isAll || closed) return;
      // Other work runs between batches, however long the backlog is.
      await new Promise(setImmediate);
    }
  }

  async function rotateWhenLong(): Promise<void> {
    if (Math.abs(now() - rotatedMs) < ROTATE_MS) return;
    rotatedMs = now();
    const oldest = (await listLogFiles(logDir)).find(({ name }) => name === `${LOG_NAME}.${keepFiles}`);
    const unreadBytes = oldest === undefined ? 0 : await tail.unreadBytes(oldest);
    const bounds = { logDir, keepFiles, reopen: options.reopenLog };
    await rotate({ ...bounds, name: ERROR_LOG, maxBytes: maxErrorLogBytes });
    const isRotated = await rotate({ ...bounds, name: LOG_NAME, maxBytes: maxLogBytes });
    if (isRotated && unreadBytes > 0)
      log.warn(
        { file: join(logDir, oldest?.name ?? ''), unreadBytes },
        'activity: a log was removed before it was read',
      );
  }

  async function prune(): Promise<void> {
    if (Math.abs(now() - prunedMs) < PRUNE_MS) return;
    prunedMs = now();
    for (const { stepS, days } of RETENTION)
      await store.calls.prune(stepS, Math.floor((now() - days * DAY_MS) / 1_000), MAX_ROWS);
  }

  function poll(): Promise<void> {
    polling = polling.then(async () => {
      for (const work of [readBatches, rotateWhenLong, prune])
        try {
          if (!closed) await work();
        } catch (error) {
          log.warn({ err: error, logDir }, 'activity: calls.log could not be read; trying again');
        }
      if (!closed)
        await trend
          .sample()
          .catch((error: unknown) => log.warn({ err: error }, 'activity: servers could not be counted'));
    });
    return polling;
  }

  function schedule(): void {
    timer = setTimeout(() => void poll().then(() => (closed ? undefined : schedule())), pollMs);
  }

  const stats = memoize(
    async (query: StatsQuery): Promise<StatsView> => ({
      ...(await readStats(store.calls, query, now())),
      brokenLines: await tail.brokenLines(),
    }),
    statsAgeMs,
  );

  const agentStats = memoize((range: StatsRange) => readAgentStats(store.calls, range, now()), statsAgeMs);
  const serverStats = memoize((range: StatsRange) => readServerStats(store.calls, range, now()), statsAgeMs);

  return {
    start: schedule,
    readAll: () => {
      const done = polling.then(readBatches);
      polling = done.catch(() => undefined);
      return done;
    },
    stats,
    agentStats,
    serverStats,
    serverTrend: () => trend.read(),
    totals: (range) => readTotals(store.calls, range, now()),
    async close() {
      closed = true;
      clearTimeout(timer);
      await polling;
    },
  };
}
