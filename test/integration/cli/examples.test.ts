import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listCommands } from '../../../cli/docs/list-commands.ts';
import { createProgram } from '../../../cli/program/create-program.ts';
import { examplesOf } from '../../../cli/program/examples.ts';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { makeGatewayEnv, ROOT, startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { runProgram } from '../../support/processes/run-program.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startCli, type Cli } from './start-cli.ts';

let gateway: Gateway;
let everything: Awaited<ReturnType<typeof startEverything>>;
let cli: Cli;
let keyId: string;
const STDIO = JSON.stringify(join(ROOT, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js'));

const closers: (() => Promise<void> | void)[] = [];
beforeAll(async () => {
  everything = await startEverything();
  closers.push(everything.close);
  gateway = await startGateway({ env: { STDIO_COMMANDS: 'allow', FILES_TOKEN: 'a token' } });
  closers.push(gateway.close);
  const password = gateway.env['ADMIN_PASSWORD']!;
  cli = startCli(gateway.url, {
    ...Object.fromEntries(Object.entries(gateway.env).filter(([name]) => !['PATH', 'HOME'].includes(name))),
    MCPGW_PASSWORD: password,
    GITHUB_AUTH: 'Bearer x',
  });
  closers.push(cli.remove);
  writeFileSync(join(cli.home, 'password.txt'), `${password}\n`);
  writeFileSync(join(cli.home, 'arguments.json'), '{"message": "from a file"}');
  await gateway.admin.must('POST', '/api/users', { username: 'ada', password: password, role: 'admin' });
  await gateway.register({ path: 'everything', url: everything.url });
  await gateway.register({ path: 'weather', url: everything.url });
  await cli.run(['login']);
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/** What differs from one machine to another. */
function here(line: string): string {
  return line
    .replaceAll('http://localhost:8000/mcp', everything.url)
    .replaceAll('https://api.example.com/mcp', everything.url)
    .replaceAll('https://gateway.example.com', gateway.url)
    .replaceAll('/var/backups/mcpgw/2026-12-01', join(cli.home, 'backup'))
    .replaceAll('DATA_DIR=/var/lib/mcpgw ', `DATA_DIR=${join(cli.home, 'restored')} `)
    .replace(/npx -y @modelcontextprotocol\/server-filesystem \S+/, `${process.execPath} ${STDIO} stdio`)
    .replace('laptop 3f0c9e', `laptop ${keyId}`)
    .replace('forecast city=Bern', 'echo message=Bern');
}

/** What is asked for on a terminal, where a test has none. */
function answered(line: string): string {
  return /^mcpgw (agents remove|groups remove|kill all|connect \S+ )/.test(line) && !line.includes('--print')
    ? `${line} --yes`
    : line;
}

const EXAMPLES = listCommands(createProgram()).flatMap(({ name, command }) =>
  examplesOf(command).map(([line]) => ({ name, line })),
);
// test/integration/docs/configuration.test.ts runs those of files.
const RUN_APART =
  /^(mcpgw config (validate|diff|apply|import|take-over|give-back|export --secrets)|mcpgw start|mcpgw logs nginx --follow|mcpgw calls tail|mcpgw stop|DATA_DIR=\S+ mcpgw (stop|restore))/;
/** Those that remove things, or end the login, come last. */
const LAST = /^mcpgw (\w+ (remove|disable|leave|revoke)|resume|logout|login)/;
const inOrder = [...EXAMPLES].sort((a, b) => Number(LAST.test(a.line)) - Number(LAST.test(b.line)));

/** What an example stands on that none before it made. */
async function prepare(line: string): Promise<void> {
  const make = async (path: string, body: object) => gateway.admin.ask('POST', path, body);
  await make('/api/agents', { name: 'laptop', grants: [{ server: '*' }] });
  await make('/api/agents', { name: 'planner' });
  await make('/api/groups', { name: 'team' });
  if (/^mcpgw servers (restore)/.test(line)) await gateway.admin.ask('DELETE', '/api/servers/weather');
  else await gateway.admin.ask('POST', '/api/servers/weather/restore');
  if (/^mcpgw (agents|servers|groups) add (\S+)/.test(line)) {
    const [, kind = '', name = ''] = /^mcpgw (\w+) add (\S+)/.exec(line) ?? [];
    await gateway.admin.ask('DELETE', `/api/${kind}/${name}`);
    return;
  }
  const { items: kills } = await gateway.admin.must<{ items: { id: string }[] }>('GET', '/api/kill');
  for (const { id } of kills) await gateway.admin.ask('DELETE', `/api/kill/${id}`);
  if (line.startsWith('mcpgw resume agent'))
    await make('/api/kill', { scope: 'agent', target: 'planner', reason: 'test' });
  if (line.startsWith('mcpgw grants remove'))
    await gateway.admin.must('PUT', '/api/agents/laptop/grants', [{ server: 'weather' }]);
  if (line.startsWith('mcpgw keys')) {
    const { items } = await gateway.admin.must<{ items: { id: string }[] }>('GET', '/api/agents/laptop/keys');
    for (const { id } of items) await gateway.admin.must('DELETE', `/api/agents/laptop/keys/${id}`);
    keyId = (await gateway.admin.must<{ id: string }>('POST', '/api/agents/laptop/keys', {})).id;
  }
}

test('there are examples', () => {
  expect(EXAMPLES.length).toBeGreaterThan(60);
});

test.each(inOrder.filter(({ line }) => !RUN_APART.test(line)))('$line', async ({ line }) => {
  await prepare(line);
  const agent = await gateway.makeAgent(['*']);
  // A call needs a key; connecting by one too.
  const env = /^mcpgw (call|connect)/.test(line) ? { MCPGW_KEY: agent.key } : {};
  if (line.includes('--undo')) await cli.shell('mcpgw connect codex everything --yes');
  const cwd = join(cli.home, 'project');
  mkdirSync(cwd, { recursive: true });
  const isFound = /^mcpgw (doctor|status)/.test(line);
  const { code, stderr } = await cli.shell(answered(here(line)), {
    env,
    cwd: /password\.txt|arguments\.json/.test(line) ? cli.home : cwd,
  });
  // Doctor and status say what they found by their exit code.
  expect(isFound ? [0, 6] : [0], stderr).toContain(code);
});

test('calls are followed by each example', async () => {
  // The examples before removed the server and ended the login.
  await prepare('');
  await cli.run(['login']);
  const { key } = await gateway.makeAgent(['*']);
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
      { env: cli.env, cwd: cli.home },
    );
    const agentKey = refused ? key.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) : key;
    await waitFor('a call that it follows', async () => {
      await cli.run(['call', 'weather'], { env: { MCPGW_KEY: agentKey } });
      return !following.isRunning();
    });
    expect(await following.ended, following.stderr()).toBe(0);
  }
});

test('logs are followed', async () => {
  const following = runProgram('mcpgw', ['logs', 'nginx', '--follow'], { env: cli.env, cwd: cli.home });
  await following.line(/nginx/);
  await following.stop();
});

test('a gateway is started in the background, stopped, and restored from a backup', async () => {
  const env = await makeGatewayEnv(join(cli.home, 'restored'));
  const own = startCli(`http://127.0.0.1:${env['GATEWAY_PORT']}`, { ...env, HOME: cli.home });
  const [line = ''] = EXAMPLES.map((one) => one.line).filter((one) => one.startsWith('mcpgw start --detach'));
  try {
    expect(await own.shell(line.replace('--port 9000', `--port ${env['GATEWAY_PORT']}`))).toMatchObject({ code: 0 });
    expect((await own.run(['status'])).code).toBe(0);
    expect((await own.run(['backup', join(cli.home, 'another')])).code).toBe(0);
  } finally {
    expect(await own.shell('mcpgw stop')).toMatchObject({ code: 0 });
  }
  expect((await own.run(['status'])).code).toBe(3);
  expect((await own.run(['doctor'])).stdout).toContain('nothing listens there');
  expect((await own.run(['restore', join(cli.home, 'another'), '--replace'])).code).toBe(0);
  own.remove();
});
