import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS } from './index.ts';
import { BUILT, prepareMachine } from './test/prepare-machine.ts';

const machine = prepareMachine();
const { facts, messages } = machine;

test('a start that has ended while its services hold the lock is reported', async () => {
  expect(await messages('lock', facts({}, { pid: 4_194_000 }))).toContain('is gone');
});

test('processes that do not respond, and one that ends repeatedly, are reported', async () => {
  const dataDir = join(machine.folder, 'data');
  mkdirSync(join(dataDir, 'supervise/registry'), { recursive: true });
  writeFileSync(join(dataDir, 'supervise/registry/deaths'), '1 1 0\n2 1 0\n3 256 9\n');
  const reported = await messages(
    'services',
    facts({ GATEWAY_PORT: '9', REGISTRY_PORT: '10', STDIO_COMMANDS: 'allow' }, { pid: process.pid }),
  );
  expect(reported).toContain('NGINX does not answer at port 9');
  expect(reported).toContain('the registry does not answer');
  expect(reported).toContain('the bridge does not answer');
  expect(reported).toContain('registry ended 3 times');
});

test('doctor runs all checks on a machine where nothing is installed, and exits with 0', async () => {
  const child = spawn(process.execPath, [BUILT, 'doctor'], {
    env: { PATH: '/nowhere', MCPGW_ROOT: machine.root, DATA_DIR: join(machine.folder, 'none') },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  const { checked } = JSON.parse(text) as { checked: string[] };
  expect(checked).toEqual(Object.keys(CHECKS));
  expect(existsSync(join(machine.folder, 'none'))).toBe(false);
});
