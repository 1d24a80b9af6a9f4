import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient, echo } from '../../support/gateway/call-tool.ts';
import { listProcessesOf } from '../../support/processes/list-processes.ts';
import { createGatewayEnv, ROOT } from '../../support/gateway/start-gateway.ts';
import { runProgram, type RunningProgram } from '../../support/processes/run-program.ts';

let parent: string;
let program: RunningProgram | undefined;

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'mcpgw-clone-'));
});
afterAll(async () => {
  await program?.stop();
  rmSync(parent, { recursive: true, force: true });
});

// With installed modules it takes a minute and the network, and shows that start.sh needs no development dependency: in CI.
const variants = [{ modules: 'linked' }, ...(process.env['CI'] === undefined ? [] : [{ modules: 'installed' }])];

test.each(variants)(
  'a fresh clone in a private folder, its modules $modules, starts with --demo, and an agent calls a tool with the printed key',
  { timeout: 300_000 },
  async ({ modules }) => {
    const clone = join(parent, modules);
    execFileSync('git', ['-c', 'safe.directory=*', 'clone', '-q', '--depth', '1', `file://${ROOT}`, clone]);
    if (modules === 'linked') {
      // Saves the minute of npm ci; start.sh itself refuses modules of another lock, and never installs through a link.
      const [theirs, ours] = [clone, ROOT].map((folder) => readFileSync(join(folder, 'package-lock.json'), 'utf8'));
      expect(theirs === ours, 'package-lock.json is as committed').toBe(true);
      symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
    }
    // What this machine needs to reach the package registry.
    const network = Object.entries(process.env).filter(([name]) =>
      /^(NODE_EXTRA_CA_CERTS|(https?|no)_proxy)$/i.test(name),
    );
    const env = await createGatewayEnv(join(clone, 'data'), Object.fromEntries(network) as Record<string, string>);
    delete env['DATA_DIR'];
    delete env['ADMIN_PASSWORD'];
    delete env['MCPGW_SKIP_BUILD'];
    program = runProgram(join(clone, 'scripts/start.sh'), ['--demo'], { env, cwd: parent });
    await program.line(/^ready$/, 280_000);
    const output = program.stdout();
    const snippet = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
      mcpServers: { everything: { url: string; headers: { Authorization: string } } };
    };
    const { url, headers } = snippet.mcpServers.everything;
    const client = await connectClient(url, headers.Authorization.replace('Bearer ', ''));
    expect(await echo(client, 'from a fresh clone')).toContain('from a fresh clone');
    await client.close();
    // The same program, run by the bridge.
    const bridged = await connectClient(
      url.replace('/everything/', '/everything-stdio/'),
      headers.Authorization.slice(7),
    );
    expect(await echo(bridged, 'from stdio')).toContain('from stdio');
    await bridged.close();
    expect(await program.stop('SIGTERM')).toBe(0);
    expect(listProcessesOf(parent)).toEqual([]);
  },
);
