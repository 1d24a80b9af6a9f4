import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createGateway, fromFile, type Gateway } from 'mcpgw';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ConfigPlan, ConfigStatus } from '../../../registry/contract/index.ts';
import { createKey } from '../../../registry/access/agents/key.ts';
import { describeConfigFile } from '../../../registry/http/docs/config-schema.ts';
import { startEcho } from '../../fixtures/backends/compliant/echo.ts';
import { signIn } from '../../support/gateway/admin-client.ts';
import { ROOT } from '../../support/gateway/start-gateway.ts';
import { requestHttps } from '../../support/tls/request-https.ts';
import { findFreePorts } from '../../support/processes/free-ports.ts';

const TEXT = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
const NODE = join(ROOT, 'node_modules/.bin/node');
const folder = mkdtempSync(join(tmpdir(), 'mcpgw-docs-'));
chmodSync(folder, 0o755);
let echo: Awaited<ReturnType<typeof startEcho>>;

/** The part of the page below a heading. */
function section(title: string): string {
  const [, text = ''] = TEXT.split(`\n## ${title}\n`);
  return text.split('\n## ')[0] ?? '';
}
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) => block);

/** Writes the files of a section, with a running server in place of the example's. */
function writeFiles(title: string): void {
  for (const [, name = '', text = ''] of section(title).matchAll(/^`([^`\n]+)`:\n\n```\w+\n([^]*?)^```$/gm)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    chmodSync(dirname(join(folder, name)), 0o755);
    writeFileSync(join(folder, name), text.replaceAll('http://localhost:8000/mcp', echo.url), { mode: 0o644 });
  }
}

/** Runs a program to its end; the server of this file can respond meanwhile. */
function runProgram(file: string, args: string[], env: NodeJS.ProcessEnv, timeout: number) {
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(file, args, { cwd: folder, env, timeout }, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode, stdout, stderr });
    });
  });
}

/** Runs a block of commands of the page unchanged. */
function run(block: string, env: Record<string, string> = {}) {
  const script = `set -e\nmcpgw() { "${NODE}" "${ROOT}/cli/bin/mcpgw.js" "$@"; }\n${block}`;
  const home = { HOME: folder, PATH: process.env['PATH'], NO_COLOR: '1' };
  return runProgram('sh', ['-c', script], { ...home, ...env }, 60_000);
}

beforeAll(async () => {
  echo = await startEcho();
});
afterAll(async () => {
  await echo.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the published schema equals that of the contract, and accepts every file on the page', () => {
  const published = JSON.parse(readFileSync(join(ROOT, 'docs/mcpgw.config.schema.json'), 'utf8')) as object;
  // npm run config-schema writes it.
  expect(published).toEqual(JSON.parse(JSON.stringify(describeConfigFile())));
  const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(published);
  const files = [
    ...blocks(TEXT, 'yaml').map((text) => parse(text) as unknown),
    ...blocks(TEXT, 'json').map((text) => JSON.parse(text) as unknown),
  ];
  expect(files.length).toBeGreaterThanOrEqual(4);
  for (const file of files) expect([accepts(file), accepts.errors]).toEqual([true, null]);
  expect(accepts({ servers: { weather: { url: 'http://h', colour: 'red' } } })).toBe(false);
  expect(accepts({ settings: { GATEWAY_PROT: 1 } })).toBe(false);
});

test('the first file on the page is valid', async () => {
  writeFileSync(join(folder, 'first.yaml'), blocks(section('What is in it'), 'yaml')[0]!);
  expect(await run('mcpgw config validate first.yaml')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('2 servers, 1 group, 1 agent'),
  });
});

test('an error is reported with file, line and column, for people and programs', async () => {
  writeFileSync(join(folder, 'wrong.yaml'), 'servers:\n  weather:\n    url: http://h.example\n    colour: red\n');
  const people = await run('mcpgw config validate wrong.yaml');
  expect(people).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('wrong.yaml:4:5: servers.weather.colour'),
  });
  const { stdout } = await run('mcpgw config validate wrong.yaml --json || true');
  expect(JSON.parse(stdout)).toMatchObject({
    error: { errors: [{ field: 'servers.weather.colour', line: 4, column: 5 }] },
  });
});

test('the example of a team behind TLS works', async () => {
  writeFiles('Example: a team behind TLS');
  const [port, tlsPort] = await findFreePorts(2);
  const key = createKey();
  writeFileSync(join(folder, 'team/planner-key'), `${key}\n`, { mode: 0o644 });
  const pair = ['-keyout', join(folder, 'team/gateway.key'), '-out', join(folder, 'team/gateway.crt')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=gateway.example.com', ...pair],
    { stdio: 'ignore' },
  );
  chmodSync(join(folder, 'team/gateway.key'), 0o644);
  const env = { TLS_FOLDER: join(folder, 'team'), GATEWAY_NAME: 'localhost' };
  for (const block of blocks(section('Example: a team behind TLS'), 'sh'))
    expect(await run(block, env)).toMatchObject({ status: 0 });
  process.env['TLS_FOLDER'] = env.TLS_FOLDER;
  process.env['GATEWAY_NAME'] = env.GATEWAY_NAME;
  const settings = {
    GATEWAY_TLS_PORT: String(tlsPort),
    GATEWAY_URL: `https://localhost:${tlsPort}`,
    DRAIN_TIMEOUT: '1',
  };
  const gateway = await fromFile(join(folder, 'team/mcpgw.config.yaml'), { port: port!, settings });
  try {
    const ask = (tool: string) =>
      requestHttps({
        ...{ port: tlsPort!, path: '/execute', servername: 'localhost', rejectUnauthorized: false },
        ...{ method: 'POST', body: JSON.stringify({ server: 'team/weather', tool }) },
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      });
    expect((await ask('echo')).status).toBe(200);
    expect((await ask('second')).status).toBe(403);
    expect(JSON.stringify(echo.received().map(({ headers }) => headers))).toContain('Bearer secret-of-the-weather');
  } finally {
    await gateway.stop();
  }
});

test('the examples of a laptop and of GitOps in CI work', async () => {
  writeFiles('Example: a laptop');
  writeFiles('Example: GitOps in CI');
  for (const block of blocks(section('Example: a laptop'), 'sh')) expect(await run(block)).toMatchObject({ status: 0 });
  let gateway: Gateway | undefined;
  try {
    gateway = await fromFile(join(folder, 'laptop/mcpgw.config.json'));
    const admin = await signIn(gateway.url, gateway.admin!.username, gateway.admin!.password);
    expect(await admin.must<ConfigStatus>('GET', '/api/config')).toMatchObject({
      state: 'applied',
      managed: [{ kind: 'server', name: 'weather', source: 'mcpgw.config' }],
      skipped: [{ name: 'notes', reason: expect.stringContaining('STDIO_COMMANDS') }],
    });
    await admin.must('POST', '/api/agents', { name: 'ci', role: 'admin' });
    const { key } = await admin.must<{ key: string }>('POST', '/api/agents/ci/keys', {});
    const env = { MCPGW_URL: gateway.url, MCPGW_KEY: key, WEATHER_TOKEN: 'token-of-ci' };

    const [review = '', deploy = ''] = blocks(section('Example: GitOps in CI'), 'sh');
    const reviewed = await run(review, env);
    expect(reviewed).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('2 to add, 0 to change, 0 to remove'),
    });
    expect(reviewed.stdout).not.toContain('token-of-ci');
    const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as ConfigPlan;
    expect(plan.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`)).toEqual([
      'add server shared/weather',
      'add agent nightly',
    ]);
    expect((await run('mcpgw config diff ci/servers.yaml --source ci --exit-code', env)).status).toBe(6);

    const deployed = await run(deploy, env);
    expect([deployed.status, deployed.stderr, deployed.stdout]).toEqual([
      0,
      expect.any(String),
      expect.stringContaining('Applied: 2 to add'),
    ]);
    expect(await admin.must('GET', '/api/servers/shared%2Fweather')).toMatchObject({
      managedBy: 'ci',
      configuration: 'live',
    });
    expect(readFileSync(join(folder, 'state.json'), 'utf8')).not.toContain('token-of-ci');

    // An error of the gateway itself is reported with the line too.
    writeFileSync(join(folder, 'refused.yaml'), 'servers:\n  meta:\n    url: http://169.254.169.254/\n');
    const refused = await run('mcpgw config apply refused.yaml --source other --yes', env);
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('refused.yaml:3:5: servers.meta.instances.0.url'),
    });

    // A client's own file adds servers, and changes none.
    const mcp = {
      mcpServers: {
        'Other Weather': { type: 'http', url: echo.url },
        weather: { url: echo.url },
        files: { command: 'npx', args: ['x'] },
        self: { url: `${gateway.url}/weather/mcp` },
      },
    };
    writeFileSync(join(folder, '.mcp.json'), JSON.stringify(mcp));
    const imported = await run('mcpgw config import .mcp.json --yes --json', env);
    expect(JSON.parse(imported.stdout)).toMatchObject({ changes: [{ action: 'add', name: 'other-weather' }] });
    const { skipped } = JSON.parse(imported.stdout) as ConfigPlan;
    expect(skipped.map(({ name }) => name).sort()).toEqual(['files', 'self', 'weather']);
    expect((await run('mcpgw config status', env)).stdout).toContain('shared/weather');
    expect(await run('mcpgw config take-over server shared/weather', env)).toMatchObject({ status: 0 });
    expect(await run('mcpgw servers disable shared/weather', env)).toMatchObject({ status: 0 });
    expect(await run('mcpgw config give-back server shared/weather', env)).toMatchObject({ status: 0 });

    // Another gateway gets the same state.
    const sealed = { ...env, MCPGW_PASSPHRASE: 'correct horse battery staple' };
    expect(await run('mcpgw config export --secrets sealed --out sealed.json', sealed)).toMatchObject({ status: 0 });
    expect(await run('mcpgw config import sealed.json --replace --yes', sealed)).toMatchObject({ status: 0 });
  } finally {
    await gateway?.stop();
  }
});

test('the program on the page runs', async () => {
  const [program = ''] = blocks(section('In a test or a program'), 'ts');
  const place = mkdtempSync(join(ROOT, 'test/.example-'));
  try {
    writeFileSync(join(place, 'example.ts'), program);
    const env = { ...process.env, WEATHER_URL: echo.url };
    const { status, stdout, stderr } = await runProgram(NODE, [join(place, 'example.ts')], env, 90_000);
    expect([status, stderr, stdout.trim()]).toEqual([0, expect.any(String), 'echo second']);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});

test('createGateway accepts the content of a configuration file', async () => {
  await expect(createGateway({ config: { servers: { mcpgw: { url: echo.url } } } })).rejects.toThrow(/servers\.mcpgw/);
});
