import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startSseOnly } from '../../fixtures/backends/streams/sse-only.ts';
import { startWebSocket } from '../../fixtures/backends/streams/websocket.ts';
import { findFreePorts } from '../../support/processes/free-ports.ts';
import { runProgram } from '../../support/processes/run-program.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { OnOneGateway } from './on-one-gateway.ts';

/** Commands that call a gateway. */
export function testCommands(on: OnOneGateway): void {
  test('a command without a login prints what to do; the login is stored for its user alone, without the password', async () => {
    expect(await on.cli.run(['servers', 'list'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('mcpgw login'),
    });
    // It prints what it can, and that this is not everything.
    expect(await on.cli.run(['status'])).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/State +ready/),
      stderr: expect.stringContaining('mcpgw login'),
    });
    expect((await on.cli.run(['login', '--password-stdin'], { input: 'wrong password' })).code).toBe(4);
    const password = on.gateway.env['ADMIN_PASSWORD']!;
    expect(await on.cli.run(['login', '--password-stdin'], { input: `${password}\n` })).toMatchObject({ code: 0 });
    const file = join(on.cli.home, '.config/mcpgw/logins.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(password);
    expect((await on.cli.run(['login'], { env: { MCPGW_PASSWORD: password } })).code).toBe(0);
    expect((await on.cli.run(['login'])).code).toBe(2);
  });

  test('a server is registered, shown, disabled, enabled, removed and restored', async () => {
    expect(await on.cli.run(['servers', 'add', 'old', on.everything.url, '--tag', 'demo'])).toMatchObject({ code: 0 });
    expect((await on.cli.run(['servers', 'add', 'new', on.modern.url])).code).toBe(0);
    const list = await on.cli.json<{ path: string }[]>(['servers', 'list']);
    expect(list.map(({ path }) => path)).toEqual(expect.arrayContaining(['new', 'old']));
    expect((await on.cli.run(['servers', 'show', 'old'])).stdout).toContain('demo');
    expect((await on.cli.run(['servers', 'tools', 'old'])).stdout).toContain('echo');
    expect((await on.cli.run(['servers', 'refresh', 'old'])).code).toBe(0);
    expect(await on.cli.json(['servers', 'disable', 'old'])).toMatchObject({ enabled: false, applied: true });
    expect(await on.cli.json(['servers', 'enable', 'old'])).toMatchObject({ enabled: true });
    // One document for any number of servers.
    for (const name of ['disable', 'enable'])
      expect(await on.cli.json(['servers', name, 'old', 'new'])).toMatchObject([
        { path: 'old', enabled: name === 'enable' },
        { path: 'new', enabled: name === 'enable' },
      ]);
    expect(await on.cli.json(['servers', 'refresh', 'old', 'new'])).toHaveLength(2);
    expect((await on.cli.run(['servers', 'remove', 'old'])).code).toBe(0);
    expect((await on.cli.run(['servers', 'show', 'old'])).code).toBe(5);
    expect((await on.cli.run(['servers', 'restore', 'old'])).code).toBe(0);
    expect((await on.cli.json<object[]>(['tools', 'search', 'echo'])).length).toBeGreaterThan(0);
  });

  test('a WebSocket server is registered by its URL; a target that is neither a URL of a server nor a program is refused', async () => {
    const socket = await startWebSocket();
    try {
      expect(await on.cli.run(['servers', 'add', 'socket', socket.url])).toMatchObject({ code: 0 });
      expect(await on.cli.json(['servers', 'show', 'socket'])).toMatchObject({
        transport: 'websocket',
        health: 'healthy',
      });
    } finally {
      await socket.close();
    }
    expect((await on.cli.run(['servers', 'remove', 'socket'])).code).toBe(0);
    expect(await on.cli.run(['servers', 'add', 'files', 'ftp://127.0.0.1/mcp'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('https://'),
    });
    expect(await on.cli.run(['servers', 'add', 'files', 'localhost:8000/mcp'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a relative path is not a program'),
    });
  });

  test('an error of the API is printed for people, and as JSON for programs', async () => {
    const answer = await on.cli.run(['servers', 'add', 'old', on.everything.url, '--json']);
    expect(answer.code).toBe(1);
    expect(JSON.parse(answer.stdout)).toMatchObject({
      error: { title: expect.any(String), detail: expect.any(String) },
    });
    expect(answer.stderr).toMatch(/^mcpgw: .+\n {2}.+/);
    expect((await on.cli.spawn(['servers', 'lst'])).code).toBe(2);
    expect((await on.cli.run(['status', '--url', 'http://127.0.0.1:9'])).code).toBe(3);
    expect((await on.cli.run(['status'])).code).toBe(0);
  });

  test('an agent with a key calls tools of both eras, with arguments converted as the schema requires', async () => {
    expect((await on.cli.run(['agents', 'add', 'caller', '--grant', 'old,new'])).code).toBe(0);
    const created = await on.cli.run(['keys', 'create', 'caller', '--label', 'test']);
    on.key = created.stdout.trim();
    expect(on.key).toMatch(/^mgw_\w+$/);
    const env = { MCPGW_KEY: on.key };
    expect((await on.cli.run(['call', 'old', 'echo', 'message=hello there'], { env })).stdout).toContain('hello there');
    expect((await on.cli.run(['call', 'old', 'get-sum', 'a=2', 'b=3'], { env })).stdout).toContain('5');
    expect((await on.cli.run(['call', 'old', 'get-sum', '{"a": 20, "b": 3}'], { env })).stdout).toContain('23');
    expect((await on.cli.run(['call', 'old', 'get-sum', '-'], { env, input: '{"a": 1, "b": 3}' })).stdout).toContain(
      '4',
    );
    expect((await on.cli.run(['call', 'old', 'get-sum', 'a=two', 'b=3'], { env })).code).toBe(2);
    expect((await on.cli.run(['call', 'old', 'nothing'], { env })).code).toBe(5);
    const tools = await on.cli.run(['call', 'new', '--json'], { env });
    expect(JSON.parse(tools.stdout)).not.toEqual([]);
    expect((await on.cli.run(['call', 'old', 'echo', 'message=x'])).code).toBe(4);
    const file = join(on.cli.home, 'agent.key');
    writeFileSync(file, `${on.key}\n`);
    expect((await on.cli.run(['call', 'old', 'echo', 'message=x', '--key-file', file])).code).toBe(0);
    expect((await on.cli.run(['grants', 'remove', 'caller', 'new'])).code).toBe(0);
    expect(await on.cli.run(['call', 'new'], { env })).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/grant/),
    });
  });

  test('a server that has SSE alone is called without an option for it', async () => {
    const sse = await startSseOnly();
    try {
      expect((await on.cli.run(['servers', 'add', 'by-sse', sse.url])).code).toBe(0);
      expect((await on.cli.run(['grants', 'add', 'caller', 'by-sse'])).code).toBe(0);
      const env = { MCPGW_KEY: on.key };
      expect(await on.cli.run(['call', 'by-sse', 'say', 'x=1'], { env })).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('"x"'),
      });
      expect((await on.cli.run(['call', 'by-sse', '--transport', 'http'], { env })).code).toBe(1);
    } finally {
      await sse.close();
    }
    expect((await on.cli.run(['servers', 'remove', 'by-sse'])).code).toBe(0);
  });

  test('calls are followed live, searched and exported', async () => {
    const tail = runProgram('mcpgw', ['calls', 'tail', '--agent', 'caller', '--server', 'old', '--json', '-n', '1'], {
      env: on.cli.env,
      cwd: on.cli.home,
    });
    await waitFor('a call in the tail', async () => {
      await on.cli.run(['call', 'old', 'echo', 'message=followed'], { env: { MCPGW_KEY: on.key } });
      return !tail.isRunning();
    });
    expect(await tail.ended).toBe(0);
    expect(JSON.parse(tail.stdout())).toMatchObject({ agent: 'caller', server: 'old' });
    const found = await waitFor('a stored call', async () => {
      const calls = await on.cli.json<object[]>(['calls', 'search', '--tool', 'echo', '--since', '1h']);
      return calls.length > 0 && calls;
    });
    expect(found[0]).toMatchObject({ tools: ['echo'], agent: 'caller' });
    const file = join(on.cli.home, 'calls.csv');
    expect((await on.cli.run(['calls', 'export', '--format', 'csv', '-o', file])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^id,at,/);
    expect((await on.cli.run(['calls', 'search', '--since', 'yesterday'])).code).toBe(2);
  });

  test('a kill switch stops calls until it is lifted; keys are rotated and revoked', async () => {
    const env = { MCPGW_KEY: on.key };
    expect((await on.cli.run(['kill', 'agent', 'caller', '--reason', 'a test'])).code).toBe(0);
    expect(await on.cli.run(['call', 'old'], { env })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('a test'),
    });
    expect((await on.cli.run(['status'])).stdout).toContain('a test');
    expect((await on.cli.run(['resume', 'agent', 'caller'])).code).toBe(0);
    expect((await on.cli.run(['kill', 'all', '--reason', 'nobody is asked'])).code).toBe(2);
    const rotated = await on.cli.run(['keys', 'rotate', 'caller', '--overlap', '0']);
    const next = rotated.stdout.trim();
    expect(next).toMatch(/^mgw_/);
    expect((await on.cli.run(['call', 'old'], { env })).code).toBe(4);
    expect((await on.cli.run(['call', 'old'], { env: { MCPGW_KEY: next } })).code).toBe(0);
    const keys = await on.cli.json<{ id: string; hint: string }[]>(['keys', 'list', 'caller']);
    const { id } = keys.find(({ hint }) => next.endsWith(hint))!;
    expect((await on.cli.run(['keys', 'revoke', 'caller', id])).code).toBe(0);
    expect(await on.cli.run(['call', 'old'], { env: { MCPGW_KEY: next } })).toMatchObject({ code: 4 });
    expect((await on.cli.run(['audit', 'verify'])).stdout).toContain('The audit log is intact');
    expect((await on.cli.json<object[]>(['audit', 'list', '--target', 'agent:caller'])).length).toBeGreaterThan(2);
  });

  test('an exported file is readable by its user alone, even if others could read the file before', async () => {
    const file = join(on.cli.home, 'state.json');
    writeFileSync(file, 'before', { mode: 0o644 });
    expect((await on.cli.run(['config', 'export', '--out', file])).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ export: { secrets: 'omitted' } });
    expect((await on.cli.run(['config', 'export', '--out', '/dev/null'])).code).toBe(0);
  });

  test('texts of servers cannot control the terminal', async () => {
    const description = 'plain \u202e reversed \u200b hidden';
    await on.gateway.admin.must('PATCH', '/api/servers/old', { description });
    const shown = (await on.cli.run(['servers', 'show', 'old'])).stdout;
    expect(shown).toContain('\\u{202e}');
    const json = (await on.cli.run(['servers', 'show', 'old', '--json'])).stdout;
    expect(json).not.toMatch(/[\u202e\u200b]/);
    expect(JSON.parse(json)).toMatchObject({ description });
    expect(shown).not.toContain('\u001b[');
  });

  test('a shell completes commands, options, and names from the gateway', async () => {
    const complete = async (...words: string[]) =>
      (await on.cli.run(['complete', '--', ...words])).stdout.trim().split('\n');
    expect(await complete('serv')).toEqual(['servers']);
    expect(await complete('servers', 'sh')).toEqual(['show']);
    expect(await complete('servers', 'show', 'o')).toEqual(['old']);
    expect(await complete('servers', 'list', '--status', 'heal')).toEqual(['healthy']);
    expect(await complete('calls', 'tail', '--ver')).toContain('--verdict');
    expect(await complete('keys', 'create', 'cal')).toEqual(['caller']);
    const { stdout } = await on.cli.shell(
      'eval "$(mcpgw completion bash)"; COMP_WORDS=(mcpgw servers sh); COMP_CWORD=2; _mcpgw; echo "${COMPREPLY[*]}"',
    );
    expect(stdout.trim()).toBe('show');
  });

  test('doctor finds a server that is down, a key that is refused and a kill switch', async () => {
    await on.gateway.register({ path: 'down', url: 'http://127.0.0.1:9/mcp' });
    await on.cli.run(['kill', 'server', 'down', '--reason', 'for the doctor']);
    const ill = await on.cli.run(['doctor', '--remote', '--json'], { env: { MCPGW_KEY: on.key } });
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
      (await on.cli.run(['doctor', '--remote'])).stdout.includes('server down is unhealthy'),
    );
    expect((await on.cli.run(['doctor', '--remote'], { env: { MCPGW_KEY: 'mgw_nonsense' } })).stdout).toContain(
      'MCPGW_KEY',
    );
    const [free] = await findFreePorts(1);
    expect((await on.cli.run(['doctor', '--remote', '--url', `http://127.0.0.1:${String(free)}`])).stdout).toContain(
      'nothing listens there',
    );
    expect((await on.cli.run(['doctor', '--remote', '--url', 'http://127.0.0.1:9'])).stdout).toContain(
      'no HTTP client connects to this port',
    );
  });

  test('a command after the logout fails for lack of a login', async () => {
    expect((await on.cli.run(['logout'])).code).toBe(0);
    expect((await on.cli.run(['agents', 'list'])).code).toBe(4);
  });
}
