import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS } from './index.ts';
import { BUILT, prepareMachine } from './test/prepare-machine.ts';

const machine = prepareMachine();
const { facts, messages } = machine;

test('a start that is gone while its services hold the lock', async () => {
  expect(await messages('lock', facts({}, { pid: 4_194_000 }))).toContain('is gone');
});

test('processes that do not answer, and one that ends again and again', async () => {
  const dataDir = join(machine.folder, 'data');
  mkdirSync(join(dataDir, 'supervise/registry'), { recursive: true });
  writeFileSync(join(dataDir, 'supervise/registry/deaths'), '1 1 0\n2 1 0\n3 256 9\n');
  const said = await messages(
    'services',
    facts({ GATEWAY_PORT: '9', REGISTRY_PORT: '10', STDIO_COMMANDS: 'allow' }, { pid: process.pid }),
  );
  expect(said).toContain('NGINX does not answer at port 9');
  expect(said).toContain('the registry does not answer');
  expect(said).toContain('the bridge does not answer');
  expect(said).toContain('registry ended 3 times');
});

test('a machine where nothing is installed: what supervises is missing too, and doctor itself ends well', async () => {
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
