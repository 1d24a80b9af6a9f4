import { join } from 'node:path';
import type { CallFigures, StatsRange, StatsView } from '../contract/index.ts';
import type { Events } from '../events.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/index.ts';
import { listLogFiles, LOG_NAME } from './tail/log-files.ts';
import { readStats, readTotals } from './rollups/read-stats.ts';
import { remember } from './rollups/memoize.ts';
import { HOUR_S, MINUTE_S } from './rollups/roll-up.ts';
import { rotate } from './tail/rotate.ts';
import { Tail } from './tail/tail.ts';

export interface ActivityOptions {
  store: Pick<Store, 'together' | 'meta' | 'calls'>;
  events: Events;
  logDir: string;
  /** Makes NGINX open its logs anew (USR1); called after one was put aside. */
  reopenLog: () => Promise<void> | void;
  log: Pick<Log, 'warn'>;
  pollMs?: number;
  /** calls.log is put aside beyond this size; with the old ones it takes at most `keepFiles + 1` times as much of the disk. */
  maxLogBytes?: number;
  keepFiles?: number;
  /** The same for error.log: a line a call, where a server cannot be reached. */
  maxErrorLogBytes?: number;
  /** Answers about what went through are at most this old. */
  statsAgeMs?: number;
  now?: () => number;
}

export interface Activity {
  /** Begins to follow calls.log. */
  start(): void;
  /** Reads all that stands in the log now. */
  readAll(): Promise<void>;
  stats(query: { range: StatsRange; server?: string | undefined }): Promise<StatsView>;
  /** The sums alone. */
  totals(range: StatsRange): Promise<CallFigures>;
  /** Stops after the batch that is being read. */
  close(): Promise<void>;
}

const MB = 1024 * 1024;
const DAY_MS = 86_400_000;
const KEPT = [
  { stepS: MINUTE_S, days: 2 },
  { stepS: HOUR_S, days: 8 },
] as const;
/** Rows kept of each step, whatever their age: about 200 MB. */
const MAX_ROWS = 1_000_000;
const TIDY_MS = 10 * 60_000;
const ROTATE_MS = 5_000;
const ERROR_LOG = 'error.log';

/** Follows calls.log into rollups, keeps NGINX's logs from filling the disk, and answers what went through (DESIGN §6.7). */
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
  const oldestMs = () => now() - KEPT[1].days * DAY_MS;
  const tail = new Tail({ store, logDir, oldestMs, now });
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  let closed = false;
  let tidiedMs = 0;
  let rotatedMs = 0;

  async function readBatches(): Promise<void> {
    for (;;) {
      const read = await tail.step();
      if (read === null) return;
      if (read.lines > 0) events.emit('calls.counted', { lines: read.lines });
      if (read.isAll || closed) return;
      // Others get their turn between batches, however long the backlog is.
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
    const asked = await rotate({ ...bounds, name: LOG_NAME, maxBytes: maxLogBytes });
    if (asked && unreadBytes > 0)
      log.warn(
        { file: join(logDir, oldest?.name ?? ''), unreadBytes },
        'activity: a log was removed before it was read',
      );
  }

  async function tidy(): Promise<void> {
    if (Math.abs(now() - tidiedMs) < TIDY_MS) return;
    tidiedMs = now();
    for (const { stepS, days } of KEPT)
      await store.calls.prune(stepS, Math.floor((now() - days * DAY_MS) / 1_000), MAX_ROWS);
  }

  function poll(): Promise<void> {
    turn = turn.then(async () => {
      for (const work of [readBatches, rotateWhenLong, tidy])
        try {
          if (!closed) await work();
        } catch (error) {
          log.warn({ err: error, logDir }, 'activity: calls.log could not be followed; trying again');
        }
    });
    return turn;
  }

  function schedule(): void {
    timer = setTimeout(() => void poll().then(() => (closed ? undefined : schedule())), pollMs);
  }

  const stats = remember(
    async (query: { range: StatsRange; server?: string | undefined }): Promise<StatsView> => ({
      ...(await readStats(store.calls, query, now())),
      brokenLines: await tail.brokenLines(),
    }),
    statsAgeMs,
  );

  return {
    start: schedule,
    readAll: () => {
      const done = turn.then(readBatches);
      turn = done.catch(() => undefined);
      return done;
    },
    stats,
    totals: (range) => readTotals(store.calls, range, now()),
    async close() {
      closed = true;
      clearTimeout(timer);
      await turn;
    },
  };
}
