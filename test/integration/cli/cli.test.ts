import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startModernOnly } from '../../fixtures/backends/compliant/modern-only.ts';
import type { McpFixture } from '../../fixtures/kit/serve-mcp.ts';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { findFreePorts } from '../../support/processes/free-ports.ts';
import { runProgram } from '../../support/processes/run-program.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startCli, type Cli } from './start-cli.ts';

let gateway: Gateway;
let everything: Awaited<ReturnType<typeof startEverything>>;
let modern: McpFixture;
let cli: Cli;
let key: string;

const closers: (() => Promise<void> | void)[] = [];
beforeAll(async () => {
  everything = await startEverything();
  closers.push(everything.close);
  modern = await startModernOnly();
  closers.push(() => modern.close());
  gateway = await startGateway();
  closers.push(gateway.close);
  cli = startCli(gateway.url);
  closers.push(cli.remove);
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

test('who is not signed in is told what to do; the login is kept for its user alone, without the password', async () => {
  expect(await cli.run(['servers', 'list'])).toMatchObject({ code: 4, stderr: expect.stringContaining('mcpgw login') });
  expect((await cli.run(['login', '--password-stdin'], { input: 'wrong password' })).code).toBe(4);
  const password = gateway.env['ADMIN_PASSWORD']!;
  expect(await cli.run(['login', '--password-stdin'], { input: `${password}\n` })).toMatchObject({ code: 0 });
  const file = join(cli.home, '.config/mcpgw/logins.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).not.toContain(password);
  expect((await cli.run(['login'], { env: { MCPGW_PASSWORD: password } })).code).toBe(0);
  expect((await cli.run(['login'])).code).toBe(2);
});

test('a server is registered, shown, switched, removed and brought back', async () => {
  expect(await cli.run(['servers', 'add', 'old', everything.url, '--tag', 'demo'])).toMatchObject({ code: 0 });
  expect((await cli.run(['servers', 'add', 'new', modern.url])).code).toBe(0);
  const list = await cli.json<{ path: string }[]>(['servers', 'list']);
  expect(list.map(({ path }) => path)).toEqual(expect.arrayContaining(['new', 'old']));
  expect((await cli.run(['servers', 'show', 'old'])).stdout).toContain('demo');
  expect((await cli.run(['servers', 'tools', 'old'])).stdout).toContain('echo');
  expect((await cli.run(['servers', 'refresh', 'old'])).code).toBe(0);
  expect(await cli.json(['servers', 'disable', 'old'])).toMatchObject({ enabled: false, applied: true });
  expect(await cli.json(['servers', 'enable', 'old'])).toMatchObject({ enabled: true });
  expect((await cli.run(['servers', 'remove', 'old'])).code).toBe(0);
  expect((await cli.run(['servers', 'show', 'old'])).code).toBe(5);
  expect((await cli.run(['servers', 'restore', 'old'])).code).toBe(0);
  expect((await cli.json<object[]>(['tools', 'search', 'echo'])).length).toBeGreaterThan(0);
});

test('an error of the API is printed as an answer, and as JSON for programs', async () => {
  const answer = await cli.run(['servers', 'add', 'old', everything.url, '--json']);
  expect(answer.code).toBe(1);
  expect(JSON.parse(answer.stdout)).toMatchObject({ error: { title: expect.any(String), detail: expect.any(String) } });
  expect(answer.stderr).toMatch(/^mcpgw: .+\n {2}.+/);
  expect((await cli.run(['servers', 'lst'])).code).toBe(2);
  expect((await cli.run(['status', '--url', 'http://127.0.0.1:9'])).code).toBe(3);
});

test('an agent with a key calls tools of both eras, with arguments as the schema wants them', async () => {
  expect((await cli.run(['agents', 'add', 'caller', '--grant', 'old,new'])).code).toBe(0);
  const made = await cli.run(['keys', 'create', 'caller', '--label', 'test']);
  key = made.stdout.trim();
  expect(key).toMatch(/^mgw_\w+$/);
  const env = { MCPGW_KEY: key };
  expect((await cli.run(['call', 'old', 'echo', 'message=hello there'], { env })).stdout).toContain('hello there');
  expect((await cli.run(['call', 'old', 'get-sum', 'a=2', 'b=3'], { env })).stdout).toContain('5');
  expect((await cli.run(['call', 'old', 'get-sum', '{"a": 20, "b": 3}'], { env })).stdout).toContain('23');
  expect((await cli.run(['call', 'old', 'get-sum', '-'], { env, input: '{"a": 1, "b": 3}' })).stdout).toContain('4');
  expect((await cli.run(['call', 'old', 'get-sum', 'a=two', 'b=3'], { env })).code).toBe(2);
  expect((await cli.run(['call', 'old', 'nothing'], { env })).code).toBe(5);
  const tools = await cli.run(['call', 'new', '--json'], { env });
  expect(JSON.parse(tools.stdout)).not.toEqual([]);
  expect((await cli.run(['call', 'old', 'echo', 'message=x'])).code).toBe(4);
  const file = join(cli.home, 'agent.key');
  writeFileSync(file, `${key}\n`);
  expect((await cli.run(['call', 'old', 'echo', 'message=x', '--key-file', file])).code).toBe(0);
  expect((await cli.run(['grants', 'remove', 'caller', 'new'])).code).toBe(0);
  expect(await cli.run(['call', 'new'], { env })).toMatchObject({ code: 4, stderr: expect.stringMatching(/grant/) });
});

test('calls are followed as they come, found and exported', async () => {
  const tail = runProgram('mcpgw', ['calls', 'tail', '--agent', 'caller', '--json', '-n', '1'], {
    env: cli.env,
    cwd: cli.home,
  });
  await waitFor('a call in the tail', async () => {
    await cli.run(['call', 'old', 'echo', 'message=followed'], { env: { MCPGW_KEY: key } });
    return !tail.isRunning();
  });
  expect(await tail.ended).toBe(0);
  expect(JSON.parse(tail.stdout())).toMatchObject({ agent: 'caller', server: 'old' });
  const found = await waitFor('a stored call', async () => {
    const calls = await cli.json<object[]>(['calls', 'search', '--tool', 'echo', '--since', '1h']);
    return calls.length > 0 && calls;
  });
  expect(found[0]).toMatchObject({ tools: ['echo'], agent: 'caller' });
  const file = join(cli.home, 'calls.csv');
  expect((await cli.run(['calls', 'export', '--format', 'csv', '-o', file])).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toMatch(/^id,at,/);
  expect((await cli.run(['calls', 'search', '--since', 'yesterday'])).code).toBe(2);
});

test('a kill switch stops calls until it is lifted; keys are rotated and revoked', async () => {
  const env = { MCPGW_KEY: key };
  expect((await cli.run(['kill', 'agent', 'caller', '--reason', 'a test'])).code).toBe(0);
  expect(await cli.run(['call', 'old'], { env })).toMatchObject({ code: 3, stderr: expect.stringContaining('a test') });
  expect((await cli.run(['status'])).stdout).toContain('a test');
  expect((await cli.run(['resume', 'agent', 'caller'])).code).toBe(0);
  expect((await cli.run(['kill', 'all', '--reason', 'nobody is asked'])).code).toBe(2);
  const rotated = await cli.run(['keys', 'rotate', 'caller', '--overlap', '0']);
  const next = rotated.stdout.trim();
  expect(next).toMatch(/^mgw_/);
  expect((await cli.run(['call', 'old'], { env })).code).toBe(4);
  expect((await cli.run(['call', 'old'], { env: { MCPGW_KEY: next } })).code).toBe(0);
  const keys = await cli.json<{ id: string; hint: string }[]>(['keys', 'list', 'caller']);
  const { id } = keys.find(({ hint }) => next.endsWith(hint))!;
  expect((await cli.run(['keys', 'revoke', 'caller', id])).code).toBe(0);
  expect(await cli.run(['call', 'old'], { env: { MCPGW_KEY: next } })).toMatchObject({ code: 4 });
  expect((await cli.run(['audit', 'verify'])).stdout).toContain('whole');
  expect((await cli.json<object[]>(['audit', 'list', '--target', 'agent:caller'])).length).toBeGreaterThan(2);
});

test('what servers say cannot steer the terminal', async () => {
  const description = 'plain \u202e reversed \u200b hidden';
  await gateway.admin.must('PATCH', '/api/servers/old', { description });
  const shown = (await cli.run(['servers', 'show', 'old'])).stdout;
  expect(shown).toContain('\\u{202e}');
  const json = (await cli.run(['servers', 'show', 'old', '--json'])).stdout;
  expect(json).not.toMatch(/[\u202e\u200b]/);
  expect(JSON.parse(json)).toMatchObject({ description });
  expect(shown).not.toContain('\u001b[');
});

test('a client is connected without touching what else is in its file, and disconnected again', async () => {
  const project = join(cli.home, 'project');
  mkdirSync(join(project, '.cursor'), { recursive: true });
  const file = join(project, '.cursor/mcp.json');
  const before = '{\n\t// mine\n\t"mcpServers": {\n\t\t"other": { "url": "http://example.com" }, // stays\n\t},\n}\n';
  writeFileSync(file, before);
  expect((await cli.run(['connect', 'cursor', 'old'], { cwd: project })).code).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe(before);
  const done = await cli.run(['connect', 'cursor', 'old', '--yes'], { cwd: project });
  expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('+\t\t\t"url": "http://') });
  const after = readFileSync(file, 'utf8');
  expect(after).toContain('// mine');
  expect(after).toContain('// stays');
  expect(after).toContain(`${gateway.env['GATEWAY_PORT']!}/old/mcp`);
  expect((await cli.run(['connect', 'cursor', '--undo', '--yes'], { cwd: project })).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect((await cli.run(['connect', 'cursor', '--undo', '--yes'], { cwd: project })).code).toBe(5);
});

test('TOML keeps its comments; what was changed since keeps the change; a damaged file is left alone', async () => {
  const file = join(cli.home, '.codex/config.toml');
  mkdirSync(join(cli.home, '.codex'));
  const before = '# mine\nmodel = "x" # this one\n\n[mcp_servers.other]\ncommand = "other"\n';
  writeFileSync(file, before);
  expect((await cli.run(['connect', 'codex', 'old', 'new', '--yes'])).code).toBe(0);
  const after = readFileSync(file, 'utf8');
  for (const kept of ['# mine', '# this one', '[mcp_servers.other]', 'mcp_servers.old', 'mcp_servers.new'])
    expect(after).toContain(kept);
  writeFileSync(file, after.replace('"x"', '"y"'));
  expect((await cli.run(['connect', 'codex', '--undo', '--yes'])).code).toBe(0);
  const undone = readFileSync(file, 'utf8');
  expect(undone).toContain('model = "y" # this one');
  expect(undone).toContain('[mcp_servers.other]');
  expect(undone).not.toContain('mcp_servers.old');
  const broken = join(cli.home, 'broken.json');
  writeFileSync(broken, '{\n  "mcpServers": {\n    oops\n  }\n}\n');
  expect(await cli.run(['connect', 'windsurf', 'old', '--file', broken, '--yes'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('line 3'),
  });
  expect(readFileSync(broken, 'utf8')).toContain('oops');
});

test('every client that is listed gets a file; a key is in it only when that was asked for', async () => {
  const clients = await cli.json<{ client: string }[]>(['connect']);
  expect(clients.length).toBeGreaterThan(10);
  const made = (await cli.run(['keys', 'create', 'caller'])).stdout.trim();
  for (const { client } of clients) {
    const file = join(cli.home, 'all', client);
    const words = ['connect', client, 'old', '--file', file, '--yes'];
    const open = await cli.run(words);
    if (open.code === 0) expect(readFileSync(file, 'utf8')).not.toContain('mgw_');
    else expect(open, client).toMatchObject({ code: 2, stderr: expect.stringContaining('--include-key') });
    const withKey = await cli.run([...words, '--include-key'], { env: { MCPGW_KEY: made } });
    expect(withKey, client).toMatchObject({ code: 0 });
    expect(withKey.stderr + withKey.stdout).not.toContain(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await cli.run(['connect', client, '--undo', '--file', file, '--yes'])).code).toBe(0);
    if (open.code !== 0) expect(existsSync(file)).toBe(false);
  }
});

test('a shell completes commands, options, and what the gateway knows', async () => {
  const complete = async (...words: string[]) =>
    (await cli.run(['complete', '--', ...words])).stdout.trim().split('\n');
  expect(await complete('serv')).toEqual(['servers']);
  expect(await complete('servers', 'sh')).toEqual(['show']);
  expect(await complete('servers', 'show', 'o')).toEqual(['old']);
  expect(await complete('servers', 'list', '--status', 'heal')).toEqual(['healthy']);
  expect(await complete('calls', 'tail', '--ver')).toContain('--verdict');
  expect(await complete('keys', 'create', 'cal')).toEqual(['caller']);
  const { stdout } = await cli.shell(
    'eval "$(mcpgw completion bash)"; COMP_WORDS=(mcpgw servers sh); COMP_CWORD=2; _mcpgw; echo "${COMPREPLY[*]}"',
  );
  expect(stdout.trim()).toBe('show');
});

test('doctor finds at the gateway: a server that is down, a key that is refused, a kill switch', async () => {
  await gateway.register({ path: 'down', url: 'http://127.0.0.1:9/mcp' });
  await cli.run(['kill', 'server', 'down', '--reason', 'for the doctor']);
  const ill = await cli.run(['doctor', '--remote', '--json'], { env: { MCPGW_KEY: key } });
  expect(ill.code).toBe(6);
  const { findings } = JSON.parse(ill.stdout) as { findings: { check: string; message: string; hint: string }[] };
  expect(findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ check: 'kill switch', message: expect.stringContaining('for the doctor') }),
      expect.objectContaining({ check: 'key', message: expect.stringContaining('refused') }),
    ]),
  );
  expect(findings.every(({ hint }) => hint !== '')).toBe(true);
  await waitFor('a server that is known to be down', async () =>
    (await cli.run(['doctor', '--remote'])).stdout.includes('server down is unhealthy'),
  );
  expect((await cli.run(['doctor', '--remote'], { env: { MCPGW_KEY: 'mgw_nonsense' } })).stdout).toContain('MCPGW_KEY');
  const [free] = await findFreePorts(1);
  expect((await cli.run(['doctor', '--remote', '--url', `http://127.0.0.1:${String(free)}`])).stdout).toContain(
    'nothing listens there',
  );
  expect((await cli.run(['doctor', '--remote', '--url', 'http://127.0.0.1:9'])).stdout).toContain(
    'no HTTP client connects to this port',
  );
});

test('a login that is over is said to be over', async () => {
  expect((await cli.run(['logout'])).code).toBe(0);
  expect((await cli.run(['agents', 'list'])).code).toBe(4);
});
