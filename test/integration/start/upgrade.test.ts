import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNothingCut, expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { findMaster, findRegistry } from '../../support/faults/observe/find-processes.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { ROOT } from '../../support/gateway/start-gateway.ts';
import { listProcessesOf } from '../../support/processes/list-processes.ts';
import { waitFor } from '../../support/wait-for.ts';

let parent: string;
let installed: string;
let site: Site;

// The content of the image and the package: a tree without sources, modules and tools.
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'mcpgw-upgrade-'));
  installed = join(parent, 'installed');
  execFileSync(join(ROOT, 'scripts/package/assemble.sh'), [installed], { stdio: 'ignore' });
  site = await startSite({ root: installed, env: { STDIO_COMMANDS: 'allow' } });
});
afterAll(async () => {
  await site.close();
  rmSync(parent, { recursive: true, force: true });
});

/** Installs the programs of another version by rename, as dpkg does. */
function install(version: string): void {
  for (const name of ['registry.js', 'mcpgw-server.js', 'reload.js']) {
    const file = join(installed, 'dist', name);
    const other = readFileSync(file, 'utf8').replaceAll(/version: ?"0\.\d+\.\d+[^"]*"/g, `version:"${version}"`);
    writeFileSync(`${file}.new`, other);
    renameSync(`${file}.new`, file);
  }
}

const reload = () => spawnSync(join(installed, 'scripts/reload.sh'), { env: site.gateway.env, encoding: 'utf8' });
async function servedVersion(): Promise<string> {
  const { body } = await site.gateway.admin.ask<{ info: { version: string } }>('GET', '/openapi.json');
  return body.info.version;
}
const pidOf = (program: string) =>
  listProcessesOf(site.gateway.dataDir).find(({ command }) => command.includes(`dist/${program}.js`))?.pid;

test('another version replaces the running one: no call and no stream is lost, and sessions stay valid', async () => {
  const { gateway } = site;
  const [registry, master, server, bridge] = [
    findRegistry(gateway),
    findMaster(gateway),
    pidOf('mcpgw-server'),
    pidOf('bridge'),
  ];
  const load = site.load({ pauseMs: 0 });
  const streams = await site.streams(3);
  await load.answers(100);
  install('0.99.0');
  const { status, stdout, stderr } = reload();
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toContain('mcpgw 0.99.0 runs');
  expect(findRegistry(gateway)).not.toBe(registry);
  for (const [name, before] of [['mcpgw-server', server] as const, ['bridge', bridge] as const])
    await waitFor(`another ${name}`, () => ![undefined, before].includes(pidOf(name)));
  expect(await servedVersion()).toBe('0.99.0');
  // A change is published by the new one under load.
  expect(await gateway.register({ path: 'after-upgrade', url: site.calm.url })).toMatchObject({ applied: true });
  await load.answers(100);
  for (const stream of streams) await stream.more(3);
  expect(findMaster(gateway)).toBe(master);
  expectNothingCut(streams);
  for (const stream of streams) stream.leave();
  expectNothingLost(await load.stop(), 200);
});

test('a version whose registry does not start is reported; agents continue, and the next version repairs it', async () => {
  const { gateway } = site;
  const program = join(installed, 'dist/registry.js');
  const good = readFileSync(program, 'utf8');
  const load = site.load();
  writeFileSync(program, 'throw new Error("a bad build");\n');
  const { status, stderr } = reload();
  expect(status).toBe(1);
  expect(stderr).toMatch(/registry of version .* does not start; NGINX continues/);
  expect(stderr).toContain('a bad build');
  await load.answers(50);
  writeFileSync(program, good);
  await waitFor('the registry', async () => (await fetch(`${gateway.url}/readyz`)).status === 200, 90_000);
  expectNothingLost(await load.stop());
});

test('a version with other services requires a restart, and a reload without a running gateway fails', async () => {
  const layout = join(installed, 'scripts/services/layout');
  writeFileSync(layout, '999\n');
  const { status, stderr } = reload();
  expect(status).toBe(3);
  expect(stderr).toContain('stop it and start it again');
  writeFileSync(layout, '1\n');
  const other = spawnSync(join(installed, 'scripts/reload.sh'), {
    env: { ...site.gateway.env, DATA_DIR: join(parent, 'nothing') },
    encoding: 'utf8',
  });
  expect(other.status).toBe(1);
  expect(other.stderr).toContain('no gateway runs on');
});
