import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VERSION } from '../../cli/version.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'mcpgw-npm-'));
const project = join(folder, 'project');
// As root the gateway runs as another user, who needs access to this folder.
chmodSync(folder, 0o755);

function run(command: string, ...args: string[]) {
  // The Node of this test first: npx runs what PATH has.
  const PATH = [resolve(process.execPath, '..'), process.env['PATH']].join(delimiter);
  const env = { PATH, HOME: folder, npm_config_update_notifier: 'false', npm_config_cache: join(folder, 'cache') };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: project, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

beforeAll(() => {
  mkdirSync(project);
  expect(run(join(ROOT, 'scripts/package/build-npm.sh'), folder)).toMatchObject({ status: 0 });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  expect(tarball).toBe(`mcpgw-${VERSION}.tgz`);
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}');
  const install = ['install', '--offline', '--no-audit', '--no-fund', join(folder, tarball!)];
  expect(run('npm', ...install)).toMatchObject({ status: 0 });
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the package installs without a network into an empty folder, and npx runs its command', () => {
  expect(run('npx', '--no-install', 'mcpgw', '--version')).toMatchObject({
    status: 0,
    stdout: `${VERSION}\n`,
  });
  expect(run('npx', '--no-install', 'mcpgw', 'servers', 'list', '--url', 'http://127.0.0.1:9')).toMatchObject({
    status: 4,
  });
  // The program that inspects this machine is included too.
  const doctor = run('npx', '--no-install', 'mcpgw', 'doctor', '--json');
  expect(JSON.parse(doctor.stdout)).toMatchObject({ checked: expect.arrayContaining(['nginx', 'ports']) });
});

test('a program can start a gateway with the package, and has its types', { timeout: 120_000 }, () => {
  writeFileSync(
    join(project, 'use.mjs'),
    `import { createGateway } from 'mcpgw';
const gateway = await createGateway();
console.log((await fetch(gateway.url + '/healthz')).status, typeof gateway.key);
await gateway.stop();
`,
  );
  expect(run('node', 'use.mjs')).toMatchObject({ status: 0, stdout: '200 string\n' });
  writeFileSync(
    join(project, 'use.ts'),
    `import { createGateway, fromFile, type Gateway } from 'mcpgw';
const gateway: Gateway = await createGateway({ servers: { weather: 'http://localhost:8000/mcp' }, port: 0 });
const key: string | null = gateway.key;
// @ts-expect-error there is no such option
await fromFile('mcpgw.config.yaml', { colour: key });
`,
  );
  const tsc = [
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'esnext',
  ];
  expect(run('node', ...tsc, 'use.ts')).toMatchObject({ status: 0, stdout: '' });
});
