import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callOnce } from '../../support/faults/load/call-once.ts';
import { expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { findRegistry } from '../../support/faults/observe/find-processes.ts';
import { canMount, createSmallDisk } from '../../support/faults/inject/small-disk.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { createGatewayEnv, ROOT } from '../../support/gateway/start-gateway.ts';
import { runProgram, type RunningProgram } from '../../support/processes/run-program.ts';
import { waitFor } from '../../support/wait-for.ts';

// Backup, restore, damage, a newer version and a full disk of the database; each with the commands that operators have.
let site: Site;
let parent: string;
const programs: RunningProgram[] = [];

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'mcpgw-database-'));
  site = await startSite();
});
afterAll(async () => {
  for (const program of programs) await program.stop();
  await site.close();
  rmSync(parent, { recursive: true, force: true });
});

function data(args: string[], more: Record<string, string> = {}) {
  const env = { ...site.gateway.env, ...more };
  return spawnSync(join(ROOT, 'scripts/data.sh'), args, { env, cwd: parent, encoding: 'utf8' });
}

function start(env: Record<string, string>): RunningProgram {
  const program = runProgram(join(ROOT, 'scripts/start.sh'), [], { env, cwd: parent });
  programs.push(program);
  return program;
}

const call = async (url: string, path = 'calm') => (await callOnce(false, { url, path, key: site.key }, 1)).text;
const urlOf = (env: Record<string, string>) => `http://127.0.0.1:${env['GATEWAY_PORT']}`;

/** Restores a backup into a new folder, and returns the settings of a gateway there. */
async function restoreBackup(name: string, backup: string): Promise<Record<string, string>> {
  const env = await createGatewayEnv(join(parent, name));
  const { stdout, stderr, status } = data(['restore', backup], env);
  expect(`${stdout}${stderr}`).toContain('Restored the backup of');
  expect(status).toBe(0);
  return env;
}

test('a backup that is made during changes is restored into an empty folder, and that gateway serves the same', async () => {
  const { gateway } = site;
  const done = new AbortController();
  let changes = 0;
  const changing = (async () => {
    for (; !done.signal.aborted; changes += 1) await gateway.createAgent(['calm']);
  })();
  await waitFor('changes', () => changes > 3);
  const created = data(['backup', 'backups/one']);
  done.abort();
  await changing;
  expect(created.stderr).toBe('');
  expect(created.stdout).toContain(`Backed up to ${join(parent, 'backups/one')}`);
  expect(data(['check']).stdout).toContain('is sound');

  const env = await restoreBackup('restored', 'backups/one');
  const program = start(env);
  await program.line(/^ready$/);
  expect(await call(urlOf(env))).toBe('200');
  expect(await call(urlOf(env), 'nobody')).toBe('404 unknown_path');
  await program.stop();
});

test('an older version refuses a newer database with the remedy, and NGINX continues to serve; likewise a damaged one, which restore moves aside', async () => {
  const env = await restoreBackup('newer', 'backups/one');
  const file = join(env['DATA_DIR']!, 'mcpgw.db');
  const first = start(env);
  await first.line(/^ready$/);
  await first.stop();

  const db = new Database(file);
  db.exec("insert into kysely_migration values ('9999-from-the-future', '2027-01-01')");
  db.close();
  const newer = start(env);
  await waitFor('the reason', () => newer.stderr().includes('NGINX continues to serve agents as before'), 60_000);
  expect(newer.stderr()).toContain('was written by a newer mcpgw');
  expect(newer.stderr()).toContain('Start the newer version again, or restore a backup created by this one.');
  expect(newer.stdout()).not.toMatch(/^ready$/m);
  expect(await call(urlOf(env))).toBe('200');
  expect(await newer.stop()).toBe(0);

  const bytes = readFileSync(file);
  bytes.fill(0x5a, 8_192, 20_480);
  writeFileSync(file, bytes);
  const damaged = start(env);
  await waitFor('the reason', () => damaged.stderr().includes('NGINX continues to serve agents as before'), 60_000);
  expect(damaged.stderr()).toContain('is damaged');
  expect(await call(urlOf(env))).toBe('200');
  expect(data(['check'], env).stderr).toContain('is damaged');
  expect(data(['restore', 'backups/one', '--replace'], env).stderr).toContain('a gateway already runs on');
  expect(await damaged.stop()).toBe(0);
  expect(readFileSync(file).equals(bytes), 'nothing wrote to the damaged file').toBe(true);

  expect(data(['restore', 'backups/one'], env).status).toBe(1);
  const restored = data(['restore', 'backups/one', '--replace'], env);
  expect(restored.stdout).toContain('Moved aside: ');
  const aside = readdirSync(env['DATA_DIR']!).find((name) => name.startsWith('mcpgw.db.before-'));
  expect(readFileSync(join(env['DATA_DIR']!, aside!)).equals(bytes), 'the damaged file is kept as it was').toBe(true);
  const healed = start(env);
  await healed.line(/^ready$/);
  expect(await call(urlOf(env))).toBe('200');
  await healed.stop();
});

test.runIf(canMount)('on a full disk a start, a kill and a restore lose nothing, and agents are served', async () => {
  const env = await restoreBackup('full', 'backups/one');
  const dataDir = env['DATA_DIR']!;
  const first = start(env);
  await first.line(/^ready$/);
  await first.stop();
  const disk = createSmallDisk(dataDir, 24_576);
  try {
    // A start without free space: it reports the reason, or serves.
    disk.fill();
    const full = start(env);
    await waitFor(
      'ready, or the reason',
      () => /^ready$/m.test(full.stdout()) || /ENOSPC|disk is full/.test(full.stderr()) || !full.isRunning(),
      90_000,
    );
    expect(`${full.stdout()}${full.stderr()}`).toMatch(/^ready$|ENOSPC|no space left|disk is full/im);
    await full.stop();

    // A kill of the registry while it is full: agents are not affected.
    disk.free();
    const running = start(env);
    await running.line(/^ready$/);
    disk.fill();
    const before = findRegistry({ dataDir, logDir: join(dataDir, 'logs') });
    const load = site.load({ url: urlOf(env) });
    await load.answers(30);
    process.kill(before, 'SIGKILL');
    await load.answers(30);
    disk.free();
    await waitFor('the registry', async () => (await fetch(`${urlOf(env)}/readyz`)).status === 200, 90_000);
    expectNothingLost(await load.stop());
    await running.stop();

    // A restore without free space changes nothing; with space it works.
    const file = join(dataDir, 'mcpgw.db');
    disk.fill();
    const refused = data(['restore', 'backups/one', '--replace'], env);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/disk is full|ENOSPC/);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('mcpgw.db.before-'))).toEqual([]);
    disk.free();
    expect(data(['check'], env).stdout).toContain(`${file} is sound`);
    expect(data(['restore', 'backups/one', '--replace'], env).status).toBe(0);
    const again = start(env);
    await again.line(/^ready$/);
    expect(await call(urlOf(env))).toBe('200');
    await again.stop();
  } finally {
    disk.close();
  }
});
