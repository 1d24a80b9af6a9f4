import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallLogLine } from '../contract/index.ts';
import { Events } from '../events.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { createSealer } from '../store/seal.ts';
import { createActivity, type Activity, type ActivityOptions } from './create-activity.ts';

let folder: string;
let file: string;
let store: Store;
let activity: Activity;
let nowMs: number;
let nextId = 0;
const warnings: object[] = [];
const NOW_MS = Date.parse('2026-11-21T12:30:30.000Z');

function line(changes: Partial<CallLogLine> = {}): string {
  nextId += 1;
  const whole: CallLogLine = {
    time: nowMs / 1_000,
    id: `request-${nextId}`,
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
    ...changes,
  };
  return `${JSON.stringify(whole)}\n`;
}
const lines = (count: number, changes?: Partial<CallLogLine>) =>
  Array.from({ length: count }, () => line(changes)).join('');

function open(options: Partial<ActivityOptions> = {}): void {
  activity = createActivity({
    store,
    events: new Events(),
    logDir: folder,
    reopenLog: () => undefined,
    log: { warn: (facts) => warnings.push(facts) },
    pollMs: 5,
    statsAgeMs: 0,
    now: () => nowMs,
    ...options,
  });
}

/** What a killed process leaves: the database as it was committed. */
async function restart(options: Partial<ActivityOptions> = {}): Promise<void> {
  await activity.close();
  await store.close();
  store = await openStore({ file: join(folder, 'mcpgw.db'), sealer: createSealer('x') });
  open(options);
}
async function countCalls(): Promise<number> {
  await activity.readAll();
  return (await activity.stats({ range: 'week' })).totals.calls;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-activity-'));
  file = join(folder, 'calls.log');
  nowMs = NOW_MS;
  warnings.length = 0;
  store = await openStore({ file: join(folder, 'mcpgw.db'), sealer: createSealer('x') });
  open();
});
afterEach(async () => {
  await activity.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

test('calls, errors, refusals, durations, tools and agents are added up', async () => {
  const at = (minutesAgo: number) => ({ time: nowMs / 1_000 - minutesAgo * 60 });
  writeFileSync(
    file,
    [
      lines(90, { durationMs: 10 }),
      lines(8, { durationMs: 1_000, ...at(5) }),
      line({ status: 502, tools: ['alerts'], agent: 'cursor' }),
      line({ status: 499 }),
      line({ server: 'news', tools: ['a', 'b'] }),
      line({ verdict: 'refused', status: 403, reason: 'not granted' }),
      line({ verdict: 'refused', status: 401, agent: null, server: 'weather', tools: [] }),
      line({ tools: [], methods: [], http: 'GET', status: 405, durationMs: 3_600_000 }),
      line({ tools: [], methods: ['tools/list'], status: 502 }),
      line({ ...at(61) }),
      line({ ...at(60 * 23) }),
      line({ ...at(60 * 24 * 6) }),
    ].join(''),
  );
  await activity.readAll();
  const hour = await activity.stats({ range: 'hour' });
  expect(hour.totals).toMatchObject({ requests: 105, calls: 102, errors: 2, refused: 2 });
  expect(hour.totals.lastCallAt).toBe('2026-11-21T12:30:30.000Z');
  expect(hour.totals.p50Ms).toBeGreaterThan(8);
  expect(hour.totals.p50Ms).toBeLessThan(12);
  expect(hour.totals.p95Ms).toBeGreaterThan(800);
  expect(hour.totals.p95Ms).toBeLessThan(1_200);
  expect(hour.points).toHaveLength(60);
  expect(hour.points.at(-1)).toMatchObject({ at: '2026-11-21T12:30:00.000Z', calls: 94 });
  expect(hour.points.at(-6)).toMatchObject({ calls: 8 });
  expect(hour.tools.map(({ server, tool, calls, errors }) => [server, tool, calls, errors])).toEqual([
    ['weather', 'forecast', 99, 0],
    ['news', 'a', 1, 0],
    ['weather', 'alerts', 1, 1],
    ['news', 'b', 1, 0],
  ]);
  expect(hour.servers.map(({ server, calls, refused }) => [server, calls, refused])).toEqual([
    ['weather', 100, 2],
    ['news', 2, 0],
  ]);
  expect(hour.agents.map(({ agent, calls }) => [agent, calls])).toEqual([
    ['claude', 101],
    ['cursor', 1],
  ]);
  expect((await activity.stats({ range: 'day' })).totals.calls).toBe(104);
  expect((await activity.stats({ range: 'week' })).totals.calls).toBe(105);
  expect((await activity.stats({ range: 'hour', server: 'news' })).totals).toMatchObject({ requests: 1, calls: 2 });
  expect((await activity.stats({ range: 'hour', server: 'nobody' })).totals).toMatchObject({ calls: 0, p95Ms: null });
  expect(await activity.totals('hour')).toEqual(hour.totals);
});

test('restarts in between lose and double nothing', async () => {
  for (let round = 1; round <= 5; round++) {
    appendFileSync(file, lines(100) + line().slice(0, 50));
    expect(await countCalls()).toBe(round * 100);
    await restart();
    truncateSync(file, statSync(file).size - 50);
  }
});

test('a log that is put aside by rename is read to its end, also after a restart and a second time', async () => {
  writeFileSync(file, lines(10));
  expect(await countCalls()).toBe(10);
  appendFileSync(file, lines(5));
  renameSync(file, `${file}.1`);
  await restart();
  writeFileSync(file, lines(3));
  // NGINX writes on into the old file until it has reopened.
  appendFileSync(`${file}.1`, lines(2));
  expect(await countCalls()).toBe(20);
  renameSync(`${file}.1`, `${file}.2`);
  appendFileSync(file, lines(1));
  renameSync(file, `${file}.1`);
  expect(await countCalls()).toBe(21);
  writeFileSync(file, lines(1));
  expect(await countCalls()).toBe(22);
});

test('copytruncate: the copy counts where the original was not read, whenever it is met', async () => {
  writeFileSync(file, lines(10));
  expect(await countCalls()).toBe(10);
  appendFileSync(file, lines(5));
  copyFileSync(file, `${file}.1`);
  appendFileSync(file, line());
  expect(await countCalls()).toBe(16);
  truncateSync(file, 0);
  expect(await countCalls()).toBe(16);
  appendFileSync(file, lines(4));
  expect(await countCalls()).toBe(20);

  appendFileSync(file, lines(7));
  renameSync(`${file}.1`, `${file}.2`);
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
  appendFileSync(file, lines(40));
  await restart();
  expect(await countCalls()).toBe(67);
});

test('a log that was removed and made anew, or cut and made longer than before, is read from its beginning', async () => {
  writeFileSync(file, lines(10));
  expect(await countCalls()).toBe(10);
  rmSync(file);
  writeFileSync(file, lines(12));
  expect(await countCalls()).toBe(22);
  truncateSync(file, 0);
  appendFileSync(file, lines(30));
  expect(await countCalls()).toBe(52);
});

test('a log that lost its end counts on from there', async () => {
  writeFileSync(file, lines(10));
  expect(await countCalls()).toBe(10);
  truncateSync(file, Math.round(statSync(file).size / 10) * 5);
  expect(await countCalls()).toBe(10);
  appendFileSync(file, `\n${lines(3)}`);
  expect(await countCalls()).toBe(13);
});

test('what is no line of ours is counted and passed over', async () => {
  const hostile = [
    '',
    'nonsense',
    '{}',
    '[]',
    'null',
    '{"time":"now"}',
    `{"time":${'9'.repeat(400)}}`,
    '\u0000\u0001',
    '"'.repeat(60_000),
  ];
  writeFileSync(
    file,
    `${lines(2)}${hostile.join('\n')}\n${Buffer.from([0xff, 0xfe, 0x0a]).toString('latin1')}${lines(2)}`,
  );
  expect(await countCalls()).toBe(4);
  expect((await activity.stats({ range: 'hour' })).brokenLines).toBe(9);
  await restart();
  expect((await activity.stats({ range: 'hour' })).brokenLines).toBe(9);
});

test('odd values are bounded: far future, long past, long names, names without end', async () => {
  writeFileSync(
    file,
    [
      line({ time: nowMs / 1_000 + 1e6 }),
      line({ time: nowMs / 1_000 - 9 * 86_400 }),
      line({ tools: ['x'.repeat(5_000)] }),
      line({ durationMs: -1 }),
      line({ durationMs: 1e300 }),
    ].join(''),
  );
  expect(await countCalls()).toBe(4);
  const { tools, points } = await activity.stats({ range: 'hour' });
  expect(points.at(-1)?.calls).toBe(4);
  expect(tools.find(({ tool }) => tool.startsWith('xxx'))?.tool).toHaveLength(128);

  writeFileSync(
    file,
    Array.from({ length: 25_000 }, (_, n) => line({ tools: [`made-up-${n}`], verdict: 'allowed' })).join(''),
  );
  await activity.readAll();
  const after = await activity.stats({ range: 'hour' });
  expect(after.totals.calls).toBe(25_004);
  expect(after.tools[0]).toMatchObject({ tool: '(other)' });
  expect(after.tools[0]?.calls).toBeGreaterThanOrEqual(5_000);
});

test('a long backlog lets others have their turn', async () => {
  for (let n = 0; n < 10; n++) appendFileSync(file, lines(4_000));
  let longestMs = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 1);
  expect(await countCalls()).toBe(40_000);
  clearInterval(watch);
  // A batch takes some ten milliseconds; the whole backlog takes far more than a second of work at once would.
  expect(longestMs).toBeLessThan(1_000);
});

test('old steps are forgotten: minutes after two days, hours after eight', async () => {
  writeFileSync(file, lines(10));
  await activity.readAll();
  activity.start();
  nowMs += 3 * 86_400_000;
  const count = async (stepS: number) => (await store.calls.totals({ stepS, fromS: 0 })).calls;
  await vi.waitFor(async () => expect([await count(60), await count(3_600)]).toEqual([0, 10]));
  nowMs += 6 * 86_400_000;
  await vi.waitFor(async () => expect(await count(3_600)).toBe(0));
});

test('beyond the number of rows that are kept the oldest minutes go', async () => {
  writeFileSync(file, [50, 40, 30, 20, 10].map((ago) => lines(3, { time: nowMs / 1_000 - ago * 60 })).join(''));
  await activity.readAll();
  await store.calls.prune(60, 0, 2);
  expect((await activity.stats({ range: 'hour' })).totals.calls).toBe(6);
  expect((await activity.stats({ range: 'day' })).totals.calls).toBe(15);
});

test('a log that grew too long is put aside, NGINX is asked to reopen, no line is lost and old files go', async () => {
  // Stands for NGINX: keeps writing to the same file, whatever its name, until it is asked to reopen.
  let target = file;
  const asked: number[] = [];
  await activity.close();
  open({
    maxLogBytes: 20_000,
    keepFiles: 2,
    reopenLog: () => {
      asked.push(statSync(`${file}.1`).size);
      appendFileSync(`${file}.1`, line());
      target = file;
      writeFileSync(target, '');
    },
  });
  activity.start();
  let written = 0;
  for (let round = 0; round < 5; round++) {
    appendFileSync(target, lines(100));
    written += 100;
    const before = asked.length;
    await vi.waitFor(
      () => {
        nowMs += 6_000;
        expect(asked.length).toBe(before + 1);
      },
      { timeout: 10_000 },
    );
    written += 1;
  }
  await vi.waitFor(async () => expect((await activity.stats({ range: 'week' })).totals.calls).toBe(written));
  expect(
    readdirSync(folder)
      .filter((name) => name.startsWith('calls.log'))
      .sort(),
  ).toEqual(['calls.log', 'calls.log.1', 'calls.log.2']);
  expect(asked.every((size) => size > 20_000)).toBe(true);
});

test('error.log is put aside too, and takes no more of the disk than it may', async () => {
  const errors = join(folder, 'error.log');
  let asked = 0;
  await activity.close();
  open({
    maxErrorLogBytes: 1_000,
    keepFiles: 2,
    reopenLog: () => {
      asked += 1;
      writeFileSync(errors, '');
    },
  });
  writeFileSync(file, lines(1));
  activity.start();
  for (let round = 1; round <= 4; round += 1) {
    writeFileSync(errors, 'connect() failed (111: Connection refused)\n'.repeat(30));
    await vi.waitFor(() => {
      nowMs += 6_000;
      expect(asked).toBe(round);
    });
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('error.log'))).toHaveLength(3);
  expect(readdirSync(folder).filter((name) => name.startsWith('calls.log'))).toEqual(['calls.log']);
});

test('when reopening fails it is asked for again, and the renamed log is followed meanwhile', async () => {
  let attempts = 0;
  await activity.close();
  open({
    maxLogBytes: 1_000,
    reopenLog: () => {
      attempts += 1;
      if (attempts < 3) throw new Error('no such process');
      writeFileSync(file, '');
    },
  });
  writeFileSync(file, lines(10));
  activity.start();
  await vi.waitFor(() => {
    nowMs += 6_000;
    expect(attempts).toBe(1);
  });
  appendFileSync(`${file}.1`, lines(5));
  await vi.waitFor(async () => expect((await activity.stats({ range: 'week' })).totals.calls).toBe(15));
  await vi.waitFor(() => {
    nowMs += 6_000;
    expect(existsSync(file)).toBe(true);
  });
  expect(warnings.length).toBe(2);
});

test('a missing folder is no end: it is tried again', async () => {
  await activity.close();
  const logDir = join(folder, 'later');
  open({ logDir });
  activity.start();
  await vi.waitFor(() => expect(warnings.length).toBeGreaterThan(0));
  mkdirSync(logDir);
  writeFileSync(join(logDir, 'calls.log'), lines(2));
  await vi.waitFor(async () => expect((await activity.stats({ range: 'hour' })).totals.calls).toBe(2));
});
