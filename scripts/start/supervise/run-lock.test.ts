import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeRunLock, waitForRunLock } from './run-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Another process that holds the lock until its input ends, or it is killed. */
async function holdElsewhere(pid: string) {
  const file = join(folder, 'gateway.pid');
  writeFileSync(file, pid);
  const holder = spawn('flock', ['--no-fork', file, 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  return holder;
}

test('one process takes the lock, a second fails with the pid of the holder', () => {
  waitForRunLock(folder);
  const lock = takeRunLock(folder);
  expect(readFileSync(join(folder, 'gateway.pid'), 'utf8')).toBe(`${process.pid}\n`);
  expect(takeRunLock(folder)).toBe(null);
  expect(() => waitForRunLock(folder)).toThrow(`a gateway already runs on ${folder} (pid ${process.pid})`);
  lock?.release();
  waitForRunLock(folder);
});

test.each(['', 'nonsense', '1', `${process.pid} 1`])(
  'a file that is not locked is free, whatever it contains: "%s"',
  (text) => {
    writeFileSync(join(folder, 'gateway.pid'), text);
    waitForRunLock(folder);
    expect(takeRunLock(folder)).not.toBe(null);
  },
);

test('the lock of a process that is killed is free', async () => {
  const holder = await holdElsewhere('nobody');
  expect(takeRunLock(folder)).toBe(null);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(takeRunLock(folder)).not.toBe(null);
});

test('waits for services that a killed gateway left running', async () => {
  const holder = await holdElsewhere('4194304');
  const delay = spawn('sh', ['-c', `sleep 0.3; kill ${holder.pid}`]);
  waitForRunLock(folder);
  expect(takeRunLock(folder)).not.toBe(null);
  await once(delay, 'exit');
});
