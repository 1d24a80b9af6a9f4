import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { signIn } from '../../test/support/gateway/admin-client.ts';
import { connectClient, echo } from '../../test/support/gateway/call-tool.ts';
import { startEverything } from '../../test/support/gateway/start-everything.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { readImageConfig, startContainer } from './container.ts';

// prove.sh runs this in its own network namespace: the ports are those of the run line, whatever else listens on this machine.
const UID = 10_001;
const STOP_MS = 10_000;
// As in docker/compose.yaml.
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID', 'SETPCAP', 'NET_BIND_SERVICE'].map(
  (name) => `CAP_${name}`,
);
const [work = '', rootfs = ''] = process.argv.slice(2);
const image = readImageConfig(work);
const env = {
  ADMIN_USER: 'root-of-all',
  ADMIN_PASSWORD: `pass-${randomBytes(8).toString('hex')}`,
  SECRET_KEY: randomBytes(32).toString('hex'),
};
const folders = { '/app/logs': join(work, 'logs'), '/app/registry/servers': join(work, 'servers') };
const say = (text: string) => {
  console.error(`  ${text}`);
};

assert.deepEqual(Object.keys(image.Volumes).sort(), Object.keys(folders).sort());
assert.deepEqual(Object.keys(image.ExposedPorts).sort(), ['443/tcp', '7860/tcp', '80/tcp']);
// Docker creates missing folders of -v owned by root.
for (const folder of Object.values(folders)) mkdirSync(folder, { mode: 0o755 });

async function start(more: Record<string, string> = {}) {
  const begun = performance.now();
  const container = startContainer({
    work,
    rootfs,
    image,
    env: { ...env, ...more },
    volumes: folders,
    capabilities: CAPABILITIES,
  });
  await container.program.line(/^ready$/);
  say(`ready after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  return container;
}

/** Effective user and command of every process in the container. */
function listProcesses(container: Awaited<ReturnType<typeof start>>): { pid: number; uid: number; command: string }[] {
  // A process may end between listing and reading: the errors are discarded here, its empty line by the filter below.
  const script = `exec 2>/dev/null; for p in /proc/[0-9]*; do [ -r $p/status ] || continue
    printf '%s %s %s\\n' "\${p#/proc/}" "$(sed -n 's/^Uid:[[:space:]]*[0-9]*[[:space:]]*\\([0-9]*\\).*/\\1/p' $p/status)" "$(tr '\\0\\n' '  ' <$p/cmdline)"; done`;
  return container
    .exec(['bash', '-c', script])
    .output.trim()
    .split('\n')
    .map((line) => {
      const [pid, uid, ...command] = line.split(' ');
      return { pid: Number(pid), uid: Number(uid), command: command.join(' ') };
    })
    .filter(({ command }) => command.trim() !== '' && !/^(bash -c|sed|tr) /.test(command));
}

async function stop(container: Awaited<ReturnType<typeof start>>, signal: string): Promise<void> {
  const begun = performance.now();
  assert.equal(await container.kill(signal), 0, `exit code after ${signal}`);
  const durationMs = performance.now() - begun;
  assert.ok(durationMs < STOP_MS, `it took ${durationMs} ms to end`);
  say(`SIG${signal} ends it with exit code 0 after ${(durationMs / 1000).toFixed(1)} s`);
}

const everything = await startEverything();
try {
  const first = await start();
  const health = first.exec(image.Healthcheck.Test.slice(1));
  assert.equal(health.code, 0, `the health check: ${health.output}`);

  const processes = listProcesses(first);
  assert.match(processes.find(({ pid }) => pid === 1)?.command ?? '', /^s6-svscan /);
  assert.ok(processes.some(({ command }) => command.startsWith('nginx: worker')));
  const strangers = processes.filter(({ uid }) => uid !== UID);
  assert.deepEqual(strangers, [], 'every process belongs to mcpgw');
  say(`PID 1 is s6-svscan; ${processes.length} processes, all of uid ${UID}`);
  const write = first.exec(['bash', '-c', ': >/app/x']);
  assert.match(write.output, /Read-only file system/);
  for (const folder of Object.values(folders)) assert.equal(statSync(folder).uid, UID, `owner of ${folder}`);
  say('the root file system is read-only, the volumes belong to the user');

  const ui = await fetch('http://localhost:7860/');
  assert.match(await ui.text(), /<html/i, 'the UI at 7860');
  const admin = await signIn('http://localhost:7860', env.ADMIN_USER, env.ADMIN_PASSWORD);
  await admin.must('POST', '/api/servers', { path: 'everything', url: everything.url });
  await admin.must('POST', '/api/agents', { name: 'prover', grants: [{ server: 'everything' }] });
  const { key } = await admin.must<{ key: string }>('POST', '/api/agents/prover/keys', {});
  const callTool = async (gateway: string) => {
    const client = await connectClient(`${gateway}/everything/mcp`, key);
    assert.match(await echo(client, 'in a container'), /in a container/);
    await client.close();
  };
  await callTool('http://localhost');
  say('signed in at 7860, registered a server, called its tool at port 80');
  const backup = first.exec(['/app/scripts/data.sh', 'backup', '/app/registry/servers/backups/one']);
  assert.match(backup.output, /Backed up to/);
  await stop(first, 'TERM');

  const second = await start();
  await callTool('http://localhost');
  say('started again on the same volumes, it serves the registered server');
  await stop(second, 'INT');

  const withTls = await start({ TLS_DEV: 'yes' });
  await waitFor('https at 443', () =>
    withTls
      .exec(['openssl', 's_client', '-connect', '127.0.0.1:443', '-brief'])
      .output.includes('CONNECTION ESTABLISHED'),
  );
  say('TLS_DEV=yes speaks https at 443');
  await stop(withTls, 'TERM');
  assert.ok(readdirSync(folders['/app/logs']).includes('calls.log'));

  const bad = startContainer({
    work,
    rootfs,
    image,
    env: { ...env, HEALTH_CRON: 'often' },
    volumes: folders,
    capabilities: CAPABILITIES,
  });
  assert.equal(await bad.program.ended, 1, 'a wrong setting ends the container with 1');
  assert.match(bad.program.stderr(), /HEALTH_CRON/);
  say('a wrong setting ends the start and is reported');
} finally {
  await everything.close();
}
