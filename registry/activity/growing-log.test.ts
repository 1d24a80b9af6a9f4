import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallLogLine } from '../contract/index.ts';
import { Events } from '../events.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { createSealer } from '../store/seal.ts';
import { createActivity } from './create-activity.ts';
import { LOG_NAME } from './log-files.ts';
import { Tail } from './tail.ts';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-tail-'));
  store = await openStore({ file: join(folder, 'mcpgw.db'), sealer: createSealer('x') });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const LINE: CallLogLine = {
  time: Date.now() / 1_000,
  id: 'request',
  trace: null,
  agent: 'claude',
  server: 'weather',
  instance: 'i1',
  era: 'modern',
  http: 'POST',
  methods: ['tools/call'],
  tools: ['forecast'],
  status: 200,
  bytesIn: 1,
  bytesOut: 2,
  durationMs: 10,
  upstreamMs: 9,
  verdict: 'allowed',
  reason: null,
  address: '127.0.0.1',
};
const write = (count: number) => {
  appendFileSync(join(folder, LOG_NAME), `${JSON.stringify(LINE)}\n`.repeat(count));
};

test('a batch says whether it was all that was there', async () => {
  const tail = new Tail({ store, logDir: folder, oldestMs: () => 0, now: Date.now });
  expect(await tail.step()).toBeNull();
  write(100);
  expect(await tail.step()).toEqual({ lines: 100, isAll: true });
  write(2_000);
  const read = [];
  for (let step = await tail.step(); step !== null; step = await tail.step()) read.push(step);
  expect(read.length).toBeGreaterThan(1);
  expect(read.map(({ isAll }) => isAll)).toEqual([...read.slice(1).map(() => false), true]);
  expect(read.reduce((sum, { lines }) => sum + lines, 0)).toBe(2_000);
});

test('a log that grows while it is read is read in one transaction a turn, not in one a line', async () => {
  let transactions = 0;
  const growing: typeof store.together = (work) => {
    transactions += 1;
    if (transactions < 100) write(1);
    return store.together(work);
  };
  const activity = createActivity({
    store: { ...store, together: growing },
    events: new Events(),
    logDir: folder,
    reopenLog: () => undefined,
    log: { warn: () => undefined },
  });
  write(10);
  await activity.readAll();
  expect(transactions).toBe(1);
  await activity.readAll();
  expect(transactions).toBe(2);
  expect((await activity.totals('hour')).requests).toBe(11);
  await activity.close();
});
