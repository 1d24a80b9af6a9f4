import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBridge, waitUntilIdle, type RunningBridge } from '../../support/bridge/start-bridge.ts';
import { ODD } from '../../support/bridge/stdio-servers.ts';
import { waitFor } from '../../support/wait-for.ts';

/** A real npm package, which the tests also have installed in this version. */
const PACKAGE = '@modelcontextprotocol/server-everything@2026.8.31';
const PROCESS = { startTimeoutS: 150, memoryMb: 1_500 };

/** `what` if the command fails here, as the reason to skip a test; else undefined. */
function findObstacle(what: string, command: string, args: string[]): string | undefined {
  return spawnSync(command, args, { timeout: 30_000 }).status === 0 ? undefined : what;
}
const namespaces = ['--unshare-all', '--ro-bind', '/', '/', '--', '/bin/true'];
const unconfined = findObstacle('bwrap cannot create namespaces here', 'bwrap', namespaces);
const unreachable = findObstacle('the npm registry cannot be reached from here', 'npm', ['view', PACKAGE, 'version']);

let bridge: RunningBridge;
let tools: string;
beforeAll(async () => {
  tools = mkdtempSync(join(tmpdir(), 'mcpgw-tools-'));
  const { PATH, NODE_EXTRA_CA_CERTS } = process.env;
  bridge = await startBridge({
    PATH: `${tools}${delimiter}${PATH}`,
    ...(NODE_EXTRA_CA_CERTS !== undefined && { NODE_EXTRA_CA_CERTS }),
  });
});
afterAll(async () => {
  await bridge.close();
  rmSync(tools, { recursive: true });
});

const homeOf = (id: string) => join(bridge.folder, 'homes', id);
const textsOf = async (id: string) => (await bridge.output(id)).lines.map(({ text }) => text);

test('npx downloads a package of npm under confinement and runs it from its own folder without network', async (context) => {
  const obstacle = unconfined ?? unreachable;
  context.skip(obstacle !== undefined, obstacle);
  const npx = (network: boolean) => ({
    ...{ command: 'npx', args: ['-y', PACKAGE], process: PROCESS },
    confinement: { network },
  });
  bridge.register('npx', npx(false));
  const cut = await bridge.check('npx');
  expect(cut.problem).toMatch(/has no network to download its package with/);

  bridge.register('npx', npx(true));
  const downloaded = await bridge.check('npx');
  expect(downloaded).toMatchObject({ state: 'idle', problem: null });
  expect(downloaded.tools?.length).toBeGreaterThan(5);
  // npm stores its files in the folder of the server.
  expect(readdirSync(join(homeOf('npx'), '.npm'))).toEqual(expect.arrayContaining(['_cacache', '_npx']));

  bridge.register('npx', npx(false));
  const { client, transport } = await bridge.connect('npx');
  const echoed = await client.callTool({ name: 'echo', arguments: { message: 'without network' } });
  expect(JSON.stringify(echoed)).toContain('without network');
  await transport.terminateSession();
  await waitUntilIdle(bridge, 'npx');

  bridge.register('npx', { ...npx(false), args: ['-y', PACKAGE.replace('2026.8.31', '2025.12.18')] });
  expect((await bridge.check('npx')).problem).toMatch(/has no network to download its package with/);
});

/**
 * Replaces uvx (uv 0.9), which cannot be installed where no Python index is reachable: it reads `<package>==<version>`, caches its downloads in
 * `$UV_CACHE_DIR` or `~/.cache/uv`, writes its progress to stderr, and prints the errors of uv where it must not or cannot download.
 */
const UVX = `#!/bin/sh
cache=\${UV_CACHE_DIR:-$HOME/.cache/uv}
echo "argv: $*" >&2
case "$1" in
  mcp-server-time==*) ;;
  *)
    echo "  × No solution found when resolving tool dependencies:" >&2
    echo "  ╰─▶ Because $1 was not found in the package registry, we can conclude that your requirements are unsatisfiable." >&2
    exit 1 ;;
esac
if [ ! -e "$cache/$1" ]; then
  if [ -n "$UV_OFFLINE" ]; then
    echo "error: Failed to fetch: \\\`https://pypi.org/simple/mcp-server-time/\\\`" >&2
    echo "  Caused by: Network connectivity is disabled, but the requested data wasn't found in the cache" >&2
    exit 2
  fi
  mkdir -p "$cache" || exit 2
  echo "Downloading mcp-server-time (12.4KiB)" >&2
  until [ -e "$HOME/go-on" ]; do sleep 0.05; done
  touch "$cache/$1"
  echo "Installed 27 packages in 48ms" >&2
fi
exec ${ODD.command} ${ODD.args.join(' ')}
`;
const SERVER = 'mcp-server-time==2026.8.1';
const uvx = (words: string[], confinement?: { network: boolean }) => ({
  ...{ command: 'uvx', args: words },
  ...(confinement !== undefined && { confinement: { ...confinement, readable: [tools] } }),
});
/** Lets a download finish. */
function goOn(id: string): void {
  mkdirSync(homeOf(id), { recursive: true });
  writeFileSync(join(homeOf(id), 'go-on'), '');
}

beforeAll(() => {
  writeFileSync(join(tools, 'uvx'), UVX, { mode: 0o755 });
});

test('uvx (a stand-in) reports the progress of its first download, which is cached in the folder of the server', async () => {
  bridge.register('uvx', uvx([SERVER, '--local-timezone', 'Europe/Berlin'], { network: true }));
  const checked = bridge.check('uvx');
  await waitFor('its progress', async () => (await textsOf('uvx')).some((text) => text.startsWith('Downloading')));
  expect(existsSync(join(homeOf('uvx'), '.cache/uv', SERVER))).toBe(false);
  goOn('uvx');
  expect(await checked).toMatchObject({ state: 'idle', problem: null });
  const texts = await textsOf('uvx');
  expect(texts).toContain(`started (confined): uvx ${SERVER} --local-timezone Europe/Berlin`);
  expect(texts).toContain(`argv: ${SERVER} --local-timezone Europe/Berlin`);
  expect(existsSync(join(homeOf('uvx'), '.cache/uv', SERVER))).toBe(true);

  bridge.register('uvx', uvx([SERVER], { network: false }));
  expect(await bridge.check('uvx')).toMatchObject({ state: 'idle', problem: null });
  expect((await textsOf('uvx')).filter((text) => text.startsWith('Downloading'))).toHaveLength(1);
  bridge.register('uvx', uvx([`${SERVER}.post1`], { network: false }));
  expect((await bridge.check('uvx')).problem).toMatch(/has no network to download its package with/);
});

test('a failed download of npx or uvx (a stand-in) is reported with its output', async () => {
  bridge.register('no-uvx', uvx(['no-such-server']));
  expect((await bridge.check('no-uvx')).problem).toMatch(
    /"no-uvx" ended \(exit code 1\); its last output: .*no-such-server was not found in the package registry/s,
  );
  const args = ['-y', '--registry', 'http://127.0.0.1:9', '--fetch-retries=0', 'no-such-server@1.0.0'];
  bridge.register('no-npx', { command: 'npx', args, process: PROCESS });
  expect((await bridge.check('no-npx')).problem).toMatch(/"no-npx" ended \(exit code 1\); its last output: npm error/);
  expect(await textsOf('no-npx')).toContain('npm error code ECONNREFUSED');
});
