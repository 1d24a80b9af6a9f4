import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareMachine } from './test/prepare-machine.ts';

const machine = prepareMachine();
const { facts, find, messages } = machine;

test('low limits of watches and open files are reported', async () => {
  expect([...(await find('inotify', facts())), ...(await find('open files', facts()))]).toEqual([]);
  writeFileSync(join(machine.folder, 'proc/sys/fs/inotify/max_user_watches'), '100\n');
  writeFileSync(join(machine.folder, 'proc/sys/fs/inotify/max_user_instances'), '8\n');
  writeFileSync(
    join(machine.folder, 'proc/self/limits'),
    'Max open files            256                  4096                 files\n',
  );
  expect(await messages('inotify', facts())).toMatch(/max_user_watches is 100[^]*max_user_instances is 8/);
  expect(await messages('open files', facts())).toContain('256 files');
});

test('a disk that is nearly full, and one without inodes, are reported', async () => {
  const block = { bsize: 4_096, bavail: 1_000_000, files: 100_000, ffree: 50_000 };
  const on = (more: object) => facts({}, { statfs: () => ({ ...block, ...more }) });
  expect(await find('disk', on({}))).toEqual([]);
  expect(await find('disk', on({ bavail: 100_000 }))).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('nearly full: 390 MB') as string },
  ]);
  expect(await messages('disk', on({ bavail: 20_000 }))).toContain('is full: 78 MB');
  expect(await messages('disk', on({ ffree: 999 }))).toContain('999 inodes free');
  // Some file systems have no such number (btrfs).
  expect(await find('disk', on({ files: 0, ffree: 0 }))).toEqual([]);
});

test('a full disk is reported', async () => {
  expect(await find('disk', facts({ LOG_DIR: join(machine.folder, 'data/logs') }))).toEqual([]);
  // A file system that never has space.
  expect(await messages('disk', facts({ DATA_DIR: '/proc/mcpgw', LOG_DIR: join(machine.folder, 'logs') }))).toMatch(
    /is full|inodes free/,
  );
});

test('a wrong clock is reported', async () => {
  writeFileSync(join(machine.root, 'package.json'), '{}');
  expect(await find('clock', facts())).toEqual([]);
  expect(await messages('clock', facts({}, { nowMs: Date.parse('2001-01-01') }))).toContain('2001-01-01');
});
