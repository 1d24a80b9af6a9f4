import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareMachine } from './test/prepare-machine.ts';

const machine = prepareMachine();
const { facts, find, messages, program } = machine;

test('if confined programs cannot be confined, the affected servers and what to do are reported', async () => {
  const allowed = { STDIO_COMMANDS: 'allow' };
  const servers = join(machine.folder, 'data/bridge/servers');
  mkdirSync(servers, { recursive: true });
  const write = (path: string, confinement: object | null) =>
    writeFileSync(join(servers, `${path}.json`), JSON.stringify({ path, program: { confinement } }));
  write('free', null);
  expect(await find('confinement', facts(allowed))).toEqual([]);
  write('closed', { network: false });
  expect(await messages('confinement', facts(allowed))).toBe(
    'bubblewrap (bwrap) is missing, so confined servers are not started: "closed"',
  );
  const real = { ...allowed, PATH: process.env['PATH'] ?? '' };
  expect(await find('confinement', facts(real))).toEqual([]);
  expect(await find('confinement', facts({ STDIO_COMMANDS: 'deny' }))).toEqual([]);
  // How bwrap fails if the kernel allows no namespaces.
  program('bwrap', 'exec /usr/bin/bwrap --unshare-user --disable-userns --dev-bind / / -- /usr/bin/bwrap "$@"');
  chmodSync(machine.folder, 0o755);
  const forbidden = await find(
    'confinement',
    facts({ ...allowed, PATH: `${join(machine.folder, 'bin')}:${real.PATH}` }),
  );
  expect(forbidden).toMatchObject([
    {
      message: expect.stringMatching(/cannot confine programs on this machine \(.*namespace.*"closed"/) as string,
      hint: expect.stringContaining('user namespaces for the user of the gateway') as string,
    },
  ]);
});
