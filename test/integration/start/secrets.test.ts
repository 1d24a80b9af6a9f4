import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listChildren, listProcessesOf } from '../../support/processes/list-processes.ts';
import { createGatewayEnv, ROOT } from '../../support/gateway/start-gateway.ts';
import { runProgram, type RunningProgram } from '../../support/processes/run-program.ts';
import { waitFor } from '../../support/wait-for.ts';

// They start the registry and therefore pass the settings to it.
const PASSES_SETTINGS = /^(s6-svscan|s6-supervise) /;

let parent: string;
let program: RunningProgram | undefined;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'mcpgw-secrets-'));
});
afterEach(async () => {
  await program?.stop();
  expect(listProcessesOf(parent)).toEqual([]);
  rmSync(parent, { recursive: true, force: true });
});

/** A file of a process; empty when that has ended meanwhile, as a worker of the previous NGINX does. */
function readProc(pid: number, name: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** All descendants of a process. */
const listDescendants = (pid: number): number[] =>
  listChildren(pid).flatMap((child) => [child, ...listDescendants(child)]);

/** A program that writes its caller, its arguments and its environment into `records`, and then executes the real one. */
function createRecorder(records: string, real: string): string {
  const file = join(parent, basename(real));
  const lines = [
    '#!/bin/sh',
    `{ tr '\\0' ' ' <"/proc/$PPID/cmdline"; echo "ran ${basename(real)} $*"; env; } >"${records}/$$"`,
    `PATH="$PATH:/usr/sbin" exec ${real} "$@"`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o755 });
  return file;
}

test('secrets reach the registry and no other program, and no other user can read the stored files', async () => {
  const records = join(parent, 'records');
  mkdirSync(records);
  // Written by the ordinary user that they run as.
  chmodSync(records, 0o777);
  const env = await createGatewayEnv(join(parent, 'data'), {
    SECRET_KEY: 'a secret key of the tests, 32 characters and more',
    NGINX_BIN: createRecorder(records, 'nginx'),
  });
  // As an earlier version left it.
  const dataDir = join(parent, 'data');
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  writeFileSync(join(dataDir, 'logs', 'calls.log.1'), '', { mode: 0o644 });
  const secrets = [env['SECRET_KEY'] ?? '', env['ADMIN_PASSWORD'] ?? ''];
  const secretsIn = (text: string) => secrets.filter((secret) => text.includes(secret));
  program = runProgram(join(ROOT, 'scripts/start.sh'), ['--demo'], { env, cwd: ROOT });
  await program.line(/^ready$/);
  await waitFor(
    'announce.js to end',
    () => !listProcessesOf(parent).some(({ command }) => /announce\.js/.test(command)),
  );

  const running = listDescendants(program.pid)
    .map((pid) => ({ command: readProc(pid, 'cmdline'), secrets: secretsIn(readProc(pid, 'environ')) }))
    .filter(({ command }) => !PASSES_SETTINGS.test(command));
  const registry = running.filter(({ command }) => command.includes(' dist/registry.js'));
  expect(registry).toMatchObject([{ secrets }]);
  const others = running.filter((one) => !registry.includes(one));
  for (const name of ['s6-log', 'nginx: master', 'nginx: worker', 'dist/mcpgw-server.js', 'demo-server.ts'])
    expect(others.map(({ command }) => command)).toContainEqual(expect.stringContaining(name));
  expect(others.filter((one) => one.secrets.length > 0)).toEqual([]);

  const runs = readdirSync(records).map((name) => readFileSync(join(records, name), 'utf8'));
  const callers = runs.map((text) => text.split('\n')[0]);
  for (const caller of [/registry\.js ran nginx -t/, /\.\/run nginx ran nginx .*-t/])
    expect(callers).toContainEqual(expect.stringMatching(caller));
  expect(runs.filter((text) => secretsIn(text).length > 0)).toEqual([]);

  const open = readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, stats: lstatSync(join(dataDir, name), { throwIfNoEntry: false }) }))
    // NGINX creates its sockets with mode 0666, and s6 its synchronisation files with its own modes; the folders around them are private.
    .filter(({ name }) => !name.startsWith('supervise/'))
    .filter(({ stats }) => stats?.isFile() || stats?.isDirectory())
    .filter(({ stats }) => ((stats?.mode ?? 0) & 0o077) !== 0);
  expect(open.map(({ name }) => name)).toEqual([]);
  expect(readdirSync(dataDir)).toContain('mcpgw.db-wal');
});
