import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { signIn } from '../../test/support/gateway/admin-client.ts';
import { connectClient, echo } from '../../test/support/gateway/call-tool.ts';
import { findFreePorts } from '../../test/support/processes/free-ports.ts';
import { runProgram, type RunningProgram } from '../../test/support/processes/run-program.ts';

// prove.sh runs this with a folder that contains a Debian and a clone: the steps of a user who follows the README.
const INSTALL_MS = 1_500_000;
const [machine = ''] = process.argv.slice(2);
const [gatewayPort, registryPort] = await findFreePorts(2);
const say = (text: string) => {
  console.error(`  ${text}`);
};

// Only the ports are not the defaults: the network is that of this machine, where other programs may listen.
const env = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  GATEWAY_PORT: String(gatewayPort),
  REGISTRY_PORT: String(registryPort),
};
const ENTER =
  'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && exec chroot "$1" /opt/mcpgw/scripts/start.sh --demo';

/** Runs start.sh there, in its own mount namespace: its mounts end with it. */
async function start(limitMs: number): Promise<RunningProgram> {
  const begun = performance.now();
  const program = runProgram('unshare', ['--mount', '--', 'sh', '-c', ENTER, 'sh', machine], { env, cwd: '/' });
  await program.line(/^ready$/, limitMs);
  say(`ready after ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  return program;
}

/** Connects with the snippet, as a client with this configuration, and calls a tool. */
async function callBySnippet(snippet: string): Promise<void> {
  const { mcpServers } = JSON.parse(snippet) as {
    mcpServers: Record<string, { type: string; url: string; headers: { Authorization: string } }>;
  };
  const [server] = Object.values(mcpServers);
  assert.equal(server?.type, 'http');
  const client = await connectClient(server.url, server.headers.Authorization.replace('Bearer ', ''));
  assert.match(await echo(client, 'on a fresh machine'), /on a fresh machine/);
  await client.close();
}

const first = await start(INSTALL_MS);
const output = first.stdout();
const url = `http://localhost:${gatewayPort}`;
assert.ok(output.includes(`mcpgw serves at ${url}\n`), output);
const passwordFile = /^Sign in +as admin; the password is in (\S+)$/m.exec(output)?.[1] ?? '';
const password = /password"?\s*[:=]\s*"?([^\s"]+)/i.exec(readFileSync(join(machine, passwordFile), 'utf8'))?.[1] ?? '';
const admin = await signIn(url, 'admin', password);
const servers = await admin.must<{ items: { path: string; health: string }[] }>('GET', '/api/servers');
assert.deepEqual(
  servers.items.map(({ path }) => path).filter((path) => path === 'everything'),
  ['everything'],
);
say(`it prints ${url} and the file with the password, and the login works`);
const snippet = output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1);
await callBySnippet(snippet);
say('the printed snippet calls a tool through the gateway');
const [, key = ''] = /Bearer (mgw_\S+?)"/.exec(snippet) ?? [];
assert.notEqual(key, '');
for (const program of ['nginx', 's6-svscan', 'node'])
  assert.ok(
    ['bin', 'sbin'].some((folder) => existsSync(join(machine, 'usr', folder, program))),
    `${program} is installed`,
  );
const data = join(machine, 'opt/mcpgw/data');
const [, uid] = /^mcpgw:[^:]*:(\d+):/m.exec(readFileSync(join(machine, 'etc/passwd'), 'utf8')) ?? [];
assert.equal(String(statSync(data).uid), uid, 'the data folder belongs to mcpgw');
assert.equal(existsSync(join(machine, 'usr/sbin/policy-rc.d')), false, 'the installation leaves nothing behind');
assert.equal(await first.stop('SIGTERM'), 0);
say('Node, NGINX and s6 were installed, it ran as mcpgw; SIGTERM ends it with exit code 0');

const second = await start(120_000);
assert.ok(!second.stdout().includes('mgw_'), 'a second start shows no key');
await callBySnippet(snippet);
assert.equal(await second.stop('SIGTERM'), 0);
say('started again, the same snippet works');
