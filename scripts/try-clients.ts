// node scripts/try-clients.ts [client …]: installs MCP clients that are too large for CI from npm, each in its own folder, configures the connect snippet
// and runs them against a gateway with a Streamable HTTP and an SSE-only server. No model is used. Prints a row of docs/clients.md for each.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ConnectSnippet } from '../registry/contract/index.ts';
import { startSseOnly } from '../test/fixtures/backends/streams/sse-only.ts';
import { startEverythingFixture } from '../test/fixtures/everything/start.ts';
import { ROOT, startGateway, type Gateway } from '../test/support/gateway/start-gateway.ts';
import { TRIED_CLIENTS, type TriedClient } from './try-clients/clients.ts';

/** Variables with which Node and npm find the certificates of this machine. */
const CERTIFICATES = /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$|^npm_config_/i;
const LIMITS = { timeout: 180_000, maxBuffer: 4 * 1024 * 1024 };
const run = promisify(execFile);

/** Output of a shell command, also if it fails. Clients colour their output. */
async function output(line: string, cwd: string, env: Record<string, string>): Promise<string> {
  const done = await run('sh', ['-c', line], { ...LIMITS, cwd, env }).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { stdout, stderr: `${stderr}\n${String(error)}` };
  });

  return `${done.stdout}${done.stderr}`.replaceAll(/\u001b\[[0-9;?]*[a-zA-Z]/g, '');
}

async function tryPath(tried: TriedClient, installed: string, path: string, gateway: Gateway, key: string) {
  const home = mkdtempSync(join(tmpdir(), 'mcpgw-client-'));
  try {
    const { snippets } = await gateway.admin.must<{ snippets: ConnectSnippet[] }>(
      'GET',
      `/api/servers/${path}/connect?client=${tried.client}`,
    );
    const text = (snippets[0]?.text ?? '').replaceAll('YOUR_KEY', key);
    const env = {
      PATH: `${join(installed, 'node_modules/.bin')}:${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
      HOME: home,
      MCPGW_KEY: key,
      NO_COLOR: '1',
      ...(Object.fromEntries(Object.entries(process.env).filter(([name]) => CERTIFICATES.test(name))) as Record<
        string,
        string
      >),
      // Without it, no servers are listed in an untrusted folder.
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      // Some clients require a model's account before they list their servers.
      GEMINI_API_KEY: 'none',
      OPENAI_API_KEY: 'none',
    };
    let printed = '';
    const isProgram = tried.file?.endsWith('.mjs') === true;
    // A command line may start an installed package with npx.
    const cwd = isProgram || tried.file === undefined ? installed : home;
    if (tried.file === undefined) printed += await output(text, cwd, env);
    else {
      const file = join(cwd, tried.file);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    if (tried.command !== undefined) printed += await output(tried.command.replace('PATH', path), cwd, env);
    const shown = printed.replaceAll(key, '<key>');
    const line = shown.split('\n').find((one) => tried.reached(path).test(one)) ?? '';
    return { reached: tried.reached(path).test(printed), printed: shown, line: line.trim().slice(0, 80) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function tryClient(tried: TriedClient, gateway: Gateway, key: string): Promise<boolean> {
  const installed = mkdtempSync(join(tmpdir(), 'mcpgw-client-'));
  try {
    writeFileSync(join(installed, 'package.json'), '{"private":true,"type":"module"}');
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tried.packages], {
      ...LIMITS,
      timeout: 600_000,
      cwd: installed,
    });
    const manifest = join(installed, 'node_modules', tried.packages[0] ?? '', 'package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    const results = [];
    for (const path of ['everything', 'old']) results.push(await tryPath(tried, installed, path, gateway, key));
    const cell = (result?: { reached: boolean }) => (result?.reached === true ? 'yes' : '**no**');
    console.log(
      `| ${tried.client} | ${tried.packages[0] ?? ''} ${version} | ${cell(results[0])} | ${cell(results[1])} | ${tried.shows} | ${results[0]?.line === '' ? '' : `\`${results[0]?.line ?? ''}\``} |`,
    );
    for (const { reached, printed } of results)
      if (!reached) console.error(`--- ${tried.client}\n${printed.slice(0, 3_000)}`);
    return results.every(({ reached }) => reached);
  } finally {
    rmSync(installed, { recursive: true, force: true });
  }
}

const requested = process.argv.slice(2);
const clients = TRIED_CLIENTS.filter(({ client }) => requested.length === 0 || requested.includes(client));
const closers: (() => Promise<void>)[] = [];
let failed = 0;
try {
  const everything = await startEverythingFixture();
  closers.push(everything.close);
  const sse = await startSseOnly();
  closers.push(sse.close);
  const gateway = await startGateway({ supervised: false });
  closers.push(gateway.close);
  await gateway.register({ path: 'everything', url: everything.url });
  await gateway.register({ path: 'old', url: sse.url });
  const { key } = await gateway.createAgent(['everything', 'old']);
  for (const tried of clients)
    if (!(await tryClient(tried, gateway, key).catch((error: unknown) => console.error(tried.client, error))))
      failed += 1;
} finally {
  for (const close of closers.reverse()) await close();
}
process.exit(failed === 0 ? 0 : 1);
