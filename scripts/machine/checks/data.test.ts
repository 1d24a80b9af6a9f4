import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runChecks } from '../run-checks.ts';
import { CHECKS } from './index.ts';
import { BUILT, prepareMachine } from './test/prepare-machine.ts';

const machine = prepareMachine();
const { facts, find, messages } = machine;

test('a data folder that other users may read is made private with --fix', async () => {
  const dataDir = join(machine.folder, 'data');
  writeFileSync(join(dataDir, 'secret.key'), 'x', { mode: 0o644 });
  chmodSync(dataDir, 0o755);
  const given = facts();
  expect(await messages('data folder', given)).toContain('may read');
  const { findings } = await runChecks({ 'data folder': CHECKS['data folder']! }, given, true);
  expect(findings.map(({ fix }) => fix)).toEqual(['done', 'done']);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
  expect(await find('data folder', given)).toEqual([]);
  writeFileSync(join(machine.folder, 'file'), '');
  expect(await messages('data folder', facts({ DATA_DIR: join(machine.folder, 'file') }))).toContain('is not a folder');
});

test('a missing log folder is created with --fix', async () => {
  const LOG_DIR = join(machine.folder, 'logs');
  const check = { 'log folder': CHECKS['log folder']! };
  expect((await runChecks(check, facts({ LOG_DIR }), false)).findings).toMatchObject([{ fix: 'possible' }]);
  expect(existsSync(LOG_DIR)).toBe(false);
  expect((await runChecks(check, facts({ LOG_DIR }), true)).findings).toMatchObject([{ fix: 'done' }]);
  expect(existsSync(LOG_DIR)).toBe(true);
});

test('a damaged database, a database without its key, and the first password are reported', async () => {
  const real = join(import.meta.dirname, '../../..');
  const dataDir = join(machine.folder, 'data');
  writeFileSync(join(dataDir, 'mcpgw.db'), 'this is no database, whatever its name says '.repeat(200));
  const reported = await messages('database', facts({ PATH: process.env['PATH'] ?? '' }, { root: real }));
  expect(reported).toContain('secret.key');
  expect(reported).toContain('not sound');
  writeFileSync(join(dataDir, 'first-login.txt'), 'password: x\n', { mode: 0o600 });
  expect(await messages('first password', facts())).toContain('first-login.txt');
});

test('a data folder that this user cannot use is reported', async () => {
  const dataDir = join(machine.folder, 'data');
  chmodSync(dataDir, 0);
  chmodSync(machine.folder, 0o755);
  // Root may do everything, so the check runs as another user.
  const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env'];
  const { stdout } = spawnSync(asNobody[0]!, [...asNobody.slice(1), process.execPath, BUILT, 'doctor'], {
    encoding: 'utf8',
    env: { PATH: '/nowhere:/usr/bin:/bin', MCPGW_ROOT: machine.root, DATA_DIR: dataDir },
  });
  const { findings } = JSON.parse(stdout) as { findings: { message: string }[] };
  expect(findings.map(({ message }) => message)).toContain(
    `DATA_DIR ${dataDir} cannot be read and written by this user (EACCES)`,
  );
  chmodSync(dataDir, 0o700);
});
