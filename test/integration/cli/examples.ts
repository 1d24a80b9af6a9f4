import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { listCommands } from '../../../cli/docs/list-commands.ts';
import { createProgram } from '../../../cli/program/create-program.ts';
import { examplesOf } from '../../../cli/program/examples.ts';
import { ROOT } from '../../support/gateway/start-gateway.ts';
import { runProgram } from '../../support/processes/run-program.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { OnOneGateway } from './on-one-gateway.ts';

const STDIO = JSON.stringify(join(ROOT, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js'));

/** Every example in the help, except those that test/integration/docs and stop-and-restore.ts run. */
export function testExamples(on: OnOneGateway): void {
  let keyId: string;
  beforeAll(async () => {
    const password = on.gateway.env['ADMIN_PASSWORD']!;
    writeFileSync(join(on.local.home, 'password.txt'), `${password}\n`);
    writeFileSync(join(on.local.home, 'arguments.json'), '{"message": "from a file"}');
    writeFileSync(join(on.local.home, 'desk.json'), '[{"server": "everything", "tool": "echo"}]');
    await on.gateway.admin.must('POST', '/api/users', { username: 'ada', password, role: 'admin' });
    await on.gateway.register({ path: 'everything', url: on.everything.url });
    await on.gateway.register({ path: 'weather', url: on.everything.url });
    await on.local.run(['login']);
  });

  /** Replaces what differs between machines. */
  function here(line: string): string {
    return line
      .replaceAll('http://localhost:8000/mcp', on.everything.url)
      .replaceAll('https://api.example.com/mcp', on.everything.url)
      .replaceAll('wss://prices.example.com/mcp', 'ws://127.0.0.1:9/mcp')
      .replaceAll('https://gateway.example.com', on.gateway.url)
      .replaceAll('/var/backups/mcpgw/2026-12-01', join(on.local.home, 'backup'))
      .replaceAll('DATA_DIR=/var/lib/mcpgw ', `DATA_DIR=${join(on.local.home, 'restored')} `)
      .replace(/npx -y @modelcontextprotocol\/server-filesystem \S+/, `${process.execPath} ${STDIO} stdio`)
      .replace('laptop 3f0c9e', `laptop ${keyId}`)
      .replace('forecast city=Bern', 'echo message=Bern');
  }

  /** Adds the confirmation for which the command would prompt on a terminal. */
  function answered(line: string): string {
    return /^mcpgw (agents remove|groups remove|kill all|connect \S+ )/.test(line) && !line.includes('--print')
      ? `${line} --yes`
      : line;
  }

  const EXAMPLES = listCommands(createProgram()).flatMap(({ name, command }) =>
    examplesOf(command).map(([line]) => ({ name, line })),
  );
  // test/integration/docs/configuration.test.ts runs those with files.
  const RUN_APART =
    /^(mcpgw config (validate|diff|apply|import|take-over|give-back|export --secrets)|mcpgw start|mcpgw logs nginx --follow|mcpgw calls tail|mcpgw stop|DATA_DIR=\S+ mcpgw (stop|restore))/;
  /** Examples that remove things or end the login run last. */
  const LAST = /^mcpgw (\w+ (remove|disable|leave|revoke)|resume|logout|login)/;
  const inOrder = [...EXAMPLES].sort((a, b) => Number(LAST.test(a.line)) - Number(LAST.test(b.line)));

  /** Creates what an example needs and no example before it created. */
  async function prepare(line: string): Promise<void> {
    const create = async (path: string, body: object) => on.gateway.admin.ask('POST', path, body);
    await create('/api/agents', { name: 'laptop', grants: [{ server: '*' }] });
    await create('/api/agents', { name: 'planner' });
    await create('/api/groups', { name: 'team' });
    if (/^mcpgw servers (restore)/.test(line)) await on.gateway.admin.ask('DELETE', '/api/servers/weather');
    else await on.gateway.admin.ask('POST', '/api/servers/weather/restore');
    if (/^mcpgw (agents|servers|groups) add (\S+)/.test(line)) {
      const [, kind = '', name = ''] = /^mcpgw (\w+) add (\S+)/.exec(line) ?? [];
      await on.gateway.admin.ask('DELETE', `/api/${kind}/${name}`);
      return;
    }
    const { items: kills } = await on.gateway.admin.must<{ items: { id: string }[] }>('GET', '/api/kill');
    for (const { id } of kills) await on.gateway.admin.ask('DELETE', `/api/kill/${id}`);
    if (line.startsWith('mcpgw resume agent'))
      await create('/api/kill', { scope: 'agent', target: 'planner', reason: 'test' });
    if (line.startsWith('mcpgw grants remove'))
      await on.gateway.admin.must('PUT', '/api/agents/laptop/grants', [{ server: 'weather' }]);
    if (line.startsWith('mcpgw keys')) {
      const { items } = await on.gateway.admin.must<{ items: { id: string }[] }>('GET', '/api/agents/laptop/keys');
      for (const { id } of items) await on.gateway.admin.must('DELETE', `/api/agents/laptop/keys/${id}`);
      keyId = (await on.gateway.admin.must<{ id: string }>('POST', '/api/agents/laptop/keys', {})).id;
    }
  }

  test('the help contains examples', () => {
    expect(EXAMPLES.length).toBeGreaterThan(60);
  });

  test.each(inOrder.filter(({ line }) => !RUN_APART.test(line)))('$line', async ({ line }) => {
    await prepare(line);
    const agent = await on.gateway.createAgent(['*']);
    // A call needs a key, and so does connecting.
    const env = /^mcpgw (call|connect)/.test(line) ? { MCPGW_KEY: agent.key } : {};
    if (line.includes('--undo')) await on.local.shell('mcpgw connect codex everything --yes');
    const cwd = join(on.local.home, 'project');
    mkdirSync(cwd, { recursive: true });
    const isFound = /^mcpgw (doctor|status)/.test(line);
    const { code, stderr } = await on.local.shell(answered(here(line)), {
      env,
      cwd: /password\.txt|arguments\.json|desk\.json/.test(line) ? on.local.home : cwd,
    });
    // Doctor and status report findings by their exit code.
    expect(isFound ? [0, 6] : [0], stderr).toContain(code);
  });

  test('each example of calls tail follows calls', async () => {
    // The examples before removed the server and ended the login.
    await prepare('');
    await on.local.run(['login']);
    const { key } = await on.gateway.createAgent(['*']);
    for (const { line } of EXAMPLES.filter(({ line: one }) => one.startsWith('mcpgw calls tail'))) {
      const refused = line.includes('refused');
      const following = runProgram(
        'bash',
        [
          '-c',
          line
            .replace('mcpgw calls tail', 'exec mcpgw calls tail -n 1')
            .replace('exec mcpgw calls tail -n 1 --server', 'mcpgw calls tail -n 1 --server'),
        ],
        { env: on.local.env, cwd: on.local.home },
      );
      await waitFor('a call that it follows', async () => {
        await on.local.run(['call', 'weather'], {
          env: { MCPGW_KEY: refused ? key.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) : key },
        });
        return !following.isRunning();
      });
      expect(await following.ended, following.stderr()).toBe(0);
    }
  });

  test('logs are followed', async () => {
    const following = runProgram('mcpgw', ['logs', 'nginx', '--follow'], { env: on.local.env, cwd: on.local.home });
    await following.line(/nginx/);
    await following.stop();
  });
}
