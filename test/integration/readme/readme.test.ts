import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { connectClient, echo } from '../../support/gateway/call-tool.ts';
import { createGatewayEnv, ROOT } from '../../support/gateway/start-gateway.ts';
import { runProgram } from '../../support/processes/run-program.ts';
import { createAuthority } from '../../support/tls/create-authority.ts';
import { README, readBlocks } from './blocks.ts';
import { useReadmeSite } from './use-readme-site.ts';

const run = promisify(execFile);
const site = useReadmeSite();
const { here, pick, shell } = site;

test('curl signs in, registers a server and creates a key', async () => {
  expect(JSON.parse(await shell(pick('sh', '/api/session')))).toMatchObject({ role: 'admin' });
  expect(existsSync(join(site.folder, 'cookies.txt'))).toBe(true);
  expect(JSON.parse(await shell(pick('sh', '"path": "weather"')))).toMatchObject({ path: 'weather', applied: true });
  const answers = await shell(pick('sh', '"label": "my laptop"'));
  const { key, id } = JSON.parse(answers.slice(answers.lastIndexOf('{"', answers.indexOf('"key"')))) as {
    key: string;
    id: string;
  };
  site.variables = { ...site.variables, MCPGW_KEY: key, KEY_ID: id };
});

test('curl registers a program, and its tools are listed', async () => {
  const everything = JSON.stringify(join(ROOT, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js'));
  const command = JSON.stringify(process.execPath);
  // The same server in place of a program that npx would download first.
  const text = pick('sh', '"command": "npx"').replace(
    /"npx", "args": \[[^\]]*\]/,
    `${command}, "args": [${everything}, "stdio"]`,
  );
  expect(JSON.parse(await shell(text))).toMatchObject({ path: 'files', applied: true });
  const { tools } = await site.gateway.admin.must<{ tools: object[] }>('GET', '/api/servers/files/tools');
  expect(tools.length).toBeGreaterThan(3);
});

test('an agent lists the tools with curl', async () => {
  expect(await shell(pick('sh', 'tools/list'))).toContain('"echo"');
});

/** Runs a `claude mcp add` of the README and connects with its arguments. */
async function connectAsClaude(part: string) {
  await shell(pick('sh', part));
  const [url = '', header = ''] = (await run('cat', [join(site.folder, 'claude-arguments')])).stdout.trim().split('\n');
  return connectClient(url, header.replace('Authorization: Bearer ', ''));
}

test('Claude Code gets a URL and a header that work', async () => {
  const client = await connectAsClaude('--transport http weather');
  expect(await echo(client, 'by the README')).toContain('by the README');
  await client.close();
});

test('Claude Code gets one URL for all servers', async () => {
  const client = await connectAsClaude('--transport http gateway');
  const listed = await client.callTool({ name: 'gateway_list_servers', arguments: {} });
  expect(JSON.stringify(listed)).toContain('weather');
  await client.close();
});

test.each([
  ['Claude Code', '${MCPGW_KEY}', 'mcpServers'],
  ['VS Code', '${input:mcpgw-key}', 'servers'],
  ['Cursor', '${env:MCPGW_KEY}', 'mcpServers'],
])('the configuration of %s works', async (_, placeholder, list) => {
  const text = here(pick('json', placeholder)).replace(placeholder, site.variables['MCPGW_KEY']!);
  const parsed = JSON.parse(text) as Record<
    string,
    Record<string, { url: string; headers: { Authorization: string } }>
  >;
  const server = parsed[list]!['weather']!;
  const client = await connectClient(server.url, server.headers.Authorization.replace('Bearer ', ''));
  expect((await client.listTools()).tools.length).toBeGreaterThan(3);
  await client.close();
});

test('mcp-remote connects a stdio client', async () => {
  const command = /`npx (mcp-remote [^`]+)`/.exec(README)![1]!;
  const request = (id: number, method: string, params: object) =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
  const hello = request(1, 'initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'readme', version: '1' },
  });
  // A client keeps the input open until it is answered.
  const input = `printf '%s\\n' '${hello.trim()}'; for _ in {1..300}; do [ -s output ] && break; sleep 0.1; done`;
  const output = await shell(`touch output; { ${input}; } | HOME=${site.folder} ${command} 2>remote.log | tee output`);
  expect(JSON.parse(output.split('\n')[0]!)).toMatchObject({ id: 1, result: { serverInfo: {} } });
});

test('a revoked key is refused on the next call', async () => {
  await shell(pick('sh', 'keys/$KEY_ID'));
  const answer = await fetch(`${site.gateway.url}/weather/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${site.variables['MCPGW_KEY']}`, 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
  });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({
    id: null,
    error: { code: -32051, data: { reason: expect.any(String) as string } },
  });
});

test('the start commands work as described', async () => {
  const first = pick('sh', 'start.sh --demo').trim();
  const second = pick('sh', './data-two').trim();
  const env = await createGatewayEnv(join(site.folder, 'demo'));
  const demo = runProgram('bash', ['-c', `exec ${first}`], { cwd: ROOT, env });
  site.closers.push(async () => {
    await demo.stop();
  });
  await demo.line(/^ready$/);
  const other = await createGatewayEnv(join(site.folder, 'data-two'));
  const command = second
    .replace('./data-two', join(site.folder, 'data-two'))
    .replace('8081', other['GATEWAY_PORT']!)
    .replace('7870', other['REGISTRY_PORT']!);
  const beside = runProgram('bash', ['-c', command.replace('scripts/start.sh', 'exec scripts/start.sh')], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], MCPGW_SKIP_BUILD: 'yes' },
  });
  site.closers.push(async () => {
    await beside.stop();
  });
  await beside.line(/^ready$/);
  for (const port of [env['GATEWAY_PORT'], other['GATEWAY_PORT']])
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  expect(await demo.stop()).toBe(0);
  expect(await beside.stop()).toBe(0);
});

test('the docker run command contains the ports, volumes and settings of the image, and nothing else', async () => {
  const dockerfile = readFileSync(join(ROOT, 'docker/Dockerfile'), 'utf8');
  writeFileSync(join(site.folder, 'bin/docker'), `#!/bin/sh\nprintf '%s\\n' "$*" >>docker-arguments\n`, {
    mode: 0o755,
  });
  site.variables = { ...site.variables, ADMIN_PASSWORD: 'not a password', SECRET_KEY: 'not a key' };
  await shell(pick('sh', 'docker run'));
  const [build = '', runLine = ''] = readFileSync(join(site.folder, 'docker-arguments'), 'utf8').trim().split('\n');
  expect(build).toBe('build -f docker/Dockerfile -t mcpgw .');
  const given = (option: string) =>
    [...runLine.matchAll(new RegExp(` -${option} (\\S+)`, 'g'))].map(([, value]) => value);
  expect(given('p').map((ports) => ports?.split(':')[1])).toEqual(/^EXPOSE (.*)$/m.exec(dockerfile)?.[1]?.split(' '));
  expect(given('v').map((bind) => bind?.split(':')[1])).toEqual(JSON.parse(/^VOLUME (.*)$/m.exec(dockerfile)![1]!));
  expect(given('e').map((setting) => setting?.split('=')[0])).toEqual(['ADMIN_USER', 'ADMIN_PASSWORD', 'SECRET_KEY']);
});

test('the commands of docs/operations.md work as described, or are tested elsewhere', async () => {
  const commands = readBlocks(readFileSync(join(ROOT, 'docs/operations.md'), 'utf8'))
    .filter(({ language }) => language === 'sh')
    .map(({ text }) => text);
  // scripts/package/prove-deb.sh boots a machine with systemd; https.test.ts has certificates and certbot.
  const elsewhere = [/^systemctl/, /^TLS_CERT=/, /^certbot/];
  const authority = createAuthority();
  site.closers.push(() => authority.remove());
  const client = authority.issue(['client']);
  for (const [name, file] of [
    ['ca.crt', authority.caFile],
    ['client.crt', client.certFile],
    ['client.key', client.keyFile],
  ] as const)
    copyFileSync(file, join(site.folder, name));
  site.variables = { ...site.gateway.env, HOME: site.folder, PASSWORD: site.variables['PASSWORD']! };
  const backup = join(site.folder, 'backups/2026-12-01');
  const restored = await createGatewayEnv(join(site.folder, 'restored'));
  for (const text of commands.filter((one) => !elsewhere.some((pattern) => pattern.test(one)))) {
    const output = await shell(
      text
        .replaceAll('/var/backups/mcpgw/2026-12-01', backup)
        .replace('DATA_DIR=/var/lib/mcpgw', `DATA_DIR=${restored['DATA_DIR']}`)
        .replaceAll('scripts/', `${ROOT}/scripts/`),
    );
    if (text.includes('data.sh check')) expect(output).toContain('is sound');
    if (text.includes('--dry-run')) expect(output).toContain('would run: ');
    if (text.includes('client.crt'))
      expect(JSON.parse(output)).toMatchObject({
        tls: { certificate: expect.stringContaining('BEGIN CERTIFICATE') as string },
      });
  }
  expect(existsSync(join(backup, 'mcpgw.db'))).toBe(true);
  expect(existsSync(join(restored['DATA_DIR']!, 'mcpgw.db'))).toBe(true);
});

test('the package is built and passed to apt-get', async () => {
  const fakeSudo = `#!/bin/sh\n[ "$1 $2" = "apt-get install" ] && dpkg-deb --field "$3" Package Version Depends\n`;
  writeFileSync(join(site.folder, 'bin/sudo'), fakeSudo, { mode: 0o755 });
  const command = pick('sh', 'build-deb.sh')
    .replace('scripts/', `${ROOT}/scripts/`)
    .replace('.sh)', `.sh --out ${site.folder}/debs)`);
  site.variables = { ...site.variables, MCPGW_SKIP_BUILD: 'yes' };
  expect(await shell(command)).toMatch(/^Package: mcpgw\nVersion: \d+\.\d+\.\d+\nDepends: .*\bnginx /);
});

test('scripts/test.sh exists and prints its help', async () => {
  const { stdout } = await run(pick('sh', 'scripts/test.sh').trim(), ['--help'], { cwd: ROOT });
  expect(stdout).toContain('passed');
});

test('every command and configuration of the README was tried', () => {
  expect(site.blocks.length).toBeGreaterThan(8);
  expect(site.listUntried()).toEqual([]);
});
