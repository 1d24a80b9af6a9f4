import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { createActivity, type Activity, type ActivityOptions } from '../../../registry/activity/create-activity.ts';
import type { CallLogLine } from '../../../registry/contract/index.ts';
import { SAMPLE_CALL } from './sample-call.ts';
import { Events } from '../../../registry/lib/events.ts';
import { openStore, type Store } from '../../../registry/store/open-store.ts';
import { createSealer } from '../../../registry/store/seal.ts';

/** The call log in a new folder, and its reader; both are created before each test of the file that calls this. */
export interface PreparedActivity {
  folder: string;
  file: string;
  store: Store;
  activity: Activity;
  nowMs: number;
  warnings: object[];
  line: (changes?: Partial<CallLogLine>) => string;
  lines: (count: number, changes?: Partial<CallLogLine>) => string;
  open: (options?: Partial<ActivityOptions>) => void;
  /** Restarts as after a kill: with the database as it was committed. */
  restart: () => Promise<void>;
  countCalls: () => Promise<number>;
}

export function prepareActivity(): PreparedActivity {
  let nextId = 0;
  const openDatabase = () => openStore({ file: join(on.folder, 'mcpgw.db'), sealer: createSealer('x') });
  const on = {
    warnings: [] as object[],
    line(changes = {}) {
      nextId += 1;
      const whole: CallLogLine = {
        time: on.nowMs / 1_000,
        id: `request-${nextId}`,
        ...SAMPLE_CALL,
        ...changes,
      };
      return `${JSON.stringify(whole)}\n`;
    },
    lines: (count, changes) => Array.from({ length: count }, () => on.line(changes)).join(''),
    open(options = {}) {
      on.activity = createActivity({
        store: on.store,
        events: new Events(),
        logDir: on.folder,
        reopenLog: () => undefined,
        countServers: () => Promise.resolve({ servers: 0, healthy: 0, tools: 0 }),
        log: { warn: (facts) => on.warnings.push(facts) },
        pollMs: 5,
        statsAgeMs: 0,
        now: () => on.nowMs,
        ...options,
      });
    },
    async restart() {
      await on.activity.close();
      await on.store.close();
      on.store = await openDatabase();
      on.open();
    },
    async countCalls() {
      await on.activity.readAll();
      return (await on.activity.stats({ range: 'week' })).totals.calls;
    },
  } as PreparedActivity;

  beforeEach(async () => {
    on.folder = mkdtempSync(join(tmpdir(), 'mcpgw-activity-'));
    on.file = join(on.folder, 'calls.log');
    on.nowMs = Date.parse('2026-11-21T12:30:30.000Z');
    on.warnings.length = 0;
    on.store = await openDatabase();
    on.open();
  });
  afterEach(async () => {
    await on.activity.close();
    await on.store.close();
    rmSync(on.folder, { recursive: true });
  });
  return on;
}
