import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createDeathReader, parseServiceDeaths, parseWorkerDeaths } from './deaths.ts';

const folder = mkdtempSync(join(tmpdir(), 'mcpgw-deaths-'));
afterAll(() => rmSync(folder, { recursive: true }));
const line = (at: string, rest: string) => `2026/11/30 ${at} [alert] 7#7: ${rest}\n`;
const atMs = (hour: number, minute: number, second: number) => new Date(2026, 10, 30, hour, minute, second).getTime();

test('workers that died are distinguished from those that exited normally', () => {
  const text =
    line('12:00:01', 'worker process 12 exited on signal 9') +
    line('12:00:02', 'worker process 13 exited on signal 11 (core dumped)') +
    line('12:00:03', 'worker process 14 exited with fatal code 2 and cannot be respawned') +
    line('12:00:04', 'worker process 15 exited with code 0') +
    '2026/11/30 12:00:05 [error] 8#8: *1 connect() failed (111: worker process 9 exited on signal 9)\n';
  expect(parseWorkerDeaths(text)).toEqual([
    { what: 'nginx-worker', atMs: atMs(12, 0, 1), how: 'signal 9' },
    { what: 'nginx-worker', atMs: atMs(12, 0, 2), how: 'signal 11' },
    { what: 'nginx-worker', atMs: atMs(12, 0, 3), how: 'exit code 2' },
  ]);
});

test('a service that was stopped or exited normally is not reported', () => {
  expect(parseServiceDeaths('bridge', '1000 0 0\n1001 256 15\n1002 256 9\n1003 1 0\n\n')).toEqual([
    { what: 'bridge', atMs: 1_002_000, how: 'signal 9' },
    { what: 'bridge', atMs: 1_003_000, how: 'exit code 1' },
  ]);
});

test('only new lines of the log are read, also after it was rotated, and deaths are reported for an hour', async () => {
  const errorLog = join(folder, 'error.log');
  mkdirSync(join(folder, 'supervise', 'bridge'), { recursive: true });
  const read = createDeathReader({ superviseDir: join(folder, 'supervise'), errorLog });
  expect(await read(atMs(12, 0, 0))).toEqual([]);
  writeFileSync(errorLog, line('12:00:01', 'worker process 1 exited on signal 9') + '2026/11/30 12:00:02 [ale');
  expect(await read(atMs(12, 0, 3))).toHaveLength(1);
  appendFileSync(errorLog, 'rt] 7#7: worker process 2 exited on signal 11\n');
  expect((await read(atMs(12, 0, 4))).map(({ how }) => how)).toEqual(['signal 9', 'signal 11']);
  renameSync(errorLog, `${errorLog}.1`);
  writeFileSync(errorLog, line('12:30:00', 'worker process 3 exited on signal 6'));
  writeFileSync(join(folder, 'supervise', 'bridge', 'deaths'), `${atMs(12, 20, 0) / 1_000} 256 9\n`);
  expect((await read(atMs(12, 31, 0))).map(({ what, how }) => `${what} ${how}`)).toEqual([
    'nginx-worker signal 9',
    'nginx-worker signal 11',
    'bridge signal 9',
    'nginx-worker signal 6',
  ]);
  expect((await read(atMs(13, 10, 0))).map(({ what }) => what)).toEqual(['bridge', 'nginx-worker']);
});
