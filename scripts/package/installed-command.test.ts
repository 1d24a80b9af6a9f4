import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
let folder: string;
let programs: string;

/** An installation below its own folder, in which a stub of Node prints its environment. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-installed-'));
  programs = join(folder, 'usr/lib/mcpgw');
  for (const place of ['bin', 'scripts/lib', 'node_modules/.bin'])
    mkdirSync(join(programs, place), { recursive: true });
  mkdirSync(join(folder, 'etc/mcpgw'), { recursive: true });
  const place = (name: string, target: string) => {
    const text = readFileSync(join(ROOT, name), 'utf8').replace(
      /\/(usr\/lib|etc|var\/lib|var\/log)\/mcpgw/g,
      `${folder}/$1/mcpgw`,
    );
    writeFileSync(join(programs, target), text, { mode: 0o755 });
  };
  place('packaging/mcpgw', 'bin/mcpgw');
  place('packaging/mcpgw-data', 'mcpgw-data');
  place('scripts/lib/service-settings.sh', 'scripts/lib/service-settings.sh');
  const print = '#!/bin/sh\nenv\nfor word do echo "word:$word"; done\n';
  for (const program of ['node_modules/.bin/node', 'scripts/data.sh'])
    writeFileSync(join(programs, program), print, { mode: 0o755 });
  symlinkSync(join(programs, 'bin/mcpgw'), join(folder, 'mcpgw'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function run(program: string, env: Record<string, string> = {}): string[] {
  const { stdout, stderr } = spawnSync(program, ['status', 'a b'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
  return `${stdout}${stderr}`.split('\n');
}

test('the command of a package uses the settings of the service, which the caller may override', () => {
  writeFileSync(
    join(folder, 'etc/mcpgw/mcpgw.env'),
    '# a comment\nGATEWAY_PORT=9123\nADMIN_USER="ada b"\nLOG_DIR=\'/logs\'\nX$(touch pwned)=1\nSECRET_KEY=`id` $HOME\n',
  );
  for (const program of [join(folder, 'mcpgw'), join(programs, 'mcpgw-data')]) {
    const lines = run(program);
    for (const line of [
      'GATEWAY_PORT=9123',
      'ADMIN_USER=ada b',
      'LOG_DIR=/logs',
      `DATA_DIR=${folder}/var/lib/mcpgw`,
      'SECRET_KEY=`id` $HOME',
      'word:status',
      'word:a b',
    ])
      expect(lines).toContain(line);
    expect(run(program, { DATA_DIR: '/other', GATEWAY_PORT: '' })).toEqual(
      expect.arrayContaining(['DATA_DIR=/other', 'GATEWAY_PORT=']),
    );
  }
});

test('without the settings file, the folders are those of the service; in another installation nothing is set', () => {
  expect(run(join(folder, 'mcpgw'))).toContain(`DATA_DIR=${folder}/var/lib/mcpgw`);
  const elsewhere = join(folder, 'app');
  cpSync(programs, elsewhere, { recursive: true });
  chmodSync(join(elsewhere, 'bin/mcpgw'), 0o755);
  expect(run(join(elsewhere, 'bin/mcpgw')).filter((line) => line.startsWith('DATA_DIR='))).toEqual([]);
});
