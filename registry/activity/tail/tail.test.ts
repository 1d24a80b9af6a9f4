import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { prepareActivity } from '../../../test/support/registry/prepare-activity.ts';

const on = prepareActivity();

test('across restarts no line is lost or counted twice', async () => {
  for (let round = 1; round <= 5; round++) {
    appendFileSync(on.file, on.lines(100) + on.line().slice(0, 50));
    expect(await on.countCalls()).toBe(round * 100);
    await on.restart();
    truncateSync(on.file, statSync(on.file).size - 50);
  }
});

test('a log that is rotated by rename is read to its end, also after a restart and a second rotation', async () => {
  writeFileSync(on.file, on.lines(10));
  expect(await on.countCalls()).toBe(10);
  appendFileSync(on.file, on.lines(5));
  renameSync(on.file, `${on.file}.1`);
  await on.restart();
  writeFileSync(on.file, on.lines(3));
  // NGINX continues to write to the old file until it has reopened its logs.
  appendFileSync(`${on.file}.1`, on.lines(2));
  expect(await on.countCalls()).toBe(20);
  renameSync(`${on.file}.1`, `${on.file}.2`);
  appendFileSync(on.file, on.lines(1));
  renameSync(on.file, `${on.file}.1`);
  expect(await on.countCalls()).toBe(21);
  writeFileSync(on.file, on.lines(1));
  expect(await on.countCalls()).toBe(22);
});

test('copytruncate: the unread part of the original is read from the copy, whenever it is found', async () => {
  writeFileSync(on.file, on.lines(10));
  expect(await on.countCalls()).toBe(10);
  appendFileSync(on.file, on.lines(5));
  copyFileSync(on.file, `${on.file}.1`);
  appendFileSync(on.file, on.line());
  expect(await on.countCalls()).toBe(16);
  truncateSync(on.file, 0);
  expect(await on.countCalls()).toBe(16);
  appendFileSync(on.file, on.lines(4));
  expect(await on.countCalls()).toBe(20);

  appendFileSync(on.file, on.lines(7));
  renameSync(`${on.file}.1`, `${on.file}.2`);
  copyFileSync(on.file, `${on.file}.1`);
  truncateSync(on.file, 0);
  appendFileSync(on.file, on.lines(40));
  await on.restart();
  expect(await on.countCalls()).toBe(67);
});

test('a log that was deleted and created again, or truncated and grew beyond its old size, is read from its start', async () => {
  writeFileSync(on.file, on.lines(10));
  expect(await on.countCalls()).toBe(10);
  rmSync(on.file);
  writeFileSync(on.file, on.lines(12));
  expect(await on.countCalls()).toBe(22);
  truncateSync(on.file, 0);
  appendFileSync(on.file, on.lines(30));
  expect(await on.countCalls()).toBe(52);
});

test('a log that lost its end is read from the new end on', async () => {
  writeFileSync(on.file, on.lines(10));
  expect(await on.countCalls()).toBe(10);
  truncateSync(on.file, Math.round(statSync(on.file).size / 10) * 5);
  expect(await on.countCalls()).toBe(10);
  appendFileSync(on.file, `\n${on.lines(3)}`);
  expect(await on.countCalls()).toBe(13);
});

test('other work runs during a long backlog', async () => {
  for (let n = 0; n < 10; n++) appendFileSync(on.file, on.lines(4_000));
  let longestMs = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 1);
  expect(await on.countCalls()).toBe(40_000);
  clearInterval(watch);
  // A batch takes about ten milliseconds; the whole backlog at once would take far more than a second.
  expect(longestMs).toBeLessThan(1_000);
});

test('reading a missing folder is retried', async () => {
  await on.activity.close();
  const logDir = join(on.folder, 'later');
  on.open({ logDir });
  on.activity.start();
  await vi.waitFor(() => expect(on.warnings.length).toBeGreaterThan(0));
  mkdirSync(logDir);
  writeFileSync(join(logDir, 'calls.log'), on.lines(2));
  await vi.waitFor(async () => expect((await on.activity.stats({ range: 'hour' })).totals.calls).toBe(2));
});
