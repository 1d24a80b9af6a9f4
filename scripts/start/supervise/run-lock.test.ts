import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRunLock, takeRunLock, waitForRunLock } from './run-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('one takes it, the second does not, and it is free again afterwards', () => {
  expect(readRunLock(folder)).toEqual({ state: 'free' });
  expect(takeRunLock(folder)).toBe(true);
  expect(readRunLock(folder)).toEqual({ state: 'held', pid: process.pid });
  expect(takeRunLock(folder)).toBe(false);
  rmSync(join(folder, 'gateway.pid'));
  expect(readRunLock(folder)).toEqual({ state: 'free' });
});

test.each([
  ['a process that is gone', '4194304 77'],
  ['a pid that is another process by now', `${process.pid} 1`],
  ['an empty file', ''],
  ['nonsense', 'nobody knows'],
  ['pid 1, which is never ours', '1 0'],
])('%s does not hold it', (_, text) => {
  writeFileSync(join(folder, 'gateway.pid'), text);
  expect(readRunLock(folder)).toEqual({ state: 'stale' });
  expect(takeRunLock(folder)).toBe(true);
  expect(readFileSync(join(folder, 'gateway.pid'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
});

test('who holds it is named in the refusal', async () => {
  takeRunLock(folder);
  await expect(waitForRunLock(folder)).rejects.toThrow(`a gateway already runs on ${folder} (pid ${process.pid})`);
});
