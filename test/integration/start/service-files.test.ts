import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/gateway/start-gateway.ts';

const UNIT = join(ROOT, 'packaging/systemd/mcpgw.service');
const PLIST = join(ROOT, 'packaging/launchd/io.mcpgw.gateway.plist');
const MAX_EXPOSURE = 3;
const has = (program: string) => spawnSync(program, ['--version']).status === 0;

test.runIf(has('systemd-analyze'))('the unit of systemd leaves little open', () => {
  const said = execFileSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', UNIT], { encoding: 'utf8' });
  expect(Number(/Overall exposure level.*: ([\d.]+)/.exec(said)?.[1])).toBeLessThanOrEqual(MAX_EXPOSURE);
});

test.runIf(has('python3'))('the plist of launchd is one, and publishes the volumes and ports of the image', () => {
  const read = 'import json,plistlib,sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';
  const plist = JSON.parse(execFileSync('python3', ['-c', read, PLIST], { encoding: 'utf8' })) as {
    Label: string;
    ProgramArguments: string[];
    RunAtLoad: boolean;
    KeepAlive: boolean;
  };
  expect(plist).toMatchObject({ Label: 'io.mcpgw.gateway', RunAtLoad: true, KeepAlive: true });
  const dockerfile = readFileSync(join(ROOT, 'docker/Dockerfile'), 'utf8');
  for (const volume of JSON.parse(/^VOLUME (.*)$/m.exec(dockerfile)![1]!) as string[])
    expect(plist.ProgramArguments.some((word) => word.startsWith('--volume=') && word.endsWith(`:${volume}`))).toBe(
      true,
    );
  for (const port of /^EXPOSE (.*)$/m.exec(dockerfile)![1]!.split(' '))
    expect(plist.ProgramArguments.some((word) => word.startsWith('--publish=') && word.endsWith(`:${port}`))).toBe(
      true,
    );
});

test('every workspace and every script that the image is built with is in its context', () => {
  const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { workspaces: string[] };
  for (const name of [...workspaces, 'nginx', 'scripts', 'docker', 'package-lock.json'])
    expect(ignored).toContain(`!${name}`);
  // Data, keys and logs of a gateway that runs in the checkout are not.
  expect(ignored[1]).toBe('*');
});

test.each(['install', 'uninstall'])(
  'scripts/%s.sh explains itself, refuses what it does not know, and does nothing with --dry-run',
  (name) => {
    const run = (...args: string[]) => spawnSync(join(ROOT, `scripts/${name}.sh`), args, { encoding: 'utf8' });
    expect(run('--help').stdout).toMatch(/^Usage: /);
    const wrong = run('--force');
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toContain('there is no option --force');
    const before = existsSync('/usr/lib/mcpgw');
    const dry = run('--dry-run');
    expect(dry.status, dry.stderr).toBe(0);
    for (const line of dry.stdout.trim().split('\n')) expect(line).toMatch(/^would run: /);
    expect(existsSync('/usr/lib/mcpgw')).toBe(before);
  },
);

const PROOFS = [
  { script: 'scripts/image/prove.sh', proves: 'the image is built, small, private and serves', says: 'image proven' },
  {
    script: 'scripts/package/prove-deb.sh',
    proves: 'the package installs, upgrades under load and removes',
    says: 'package proven',
  },
];
// Minutes each, most of it fetching packages: PROVE_SHIPPING=yes scripts/test.sh
test.runIf(process.env['PROVE_SHIPPING'] === 'yes').each(PROOFS)(
  '$proves',
  { timeout: 1_800_000 },
  ({ script, says }) => {
    const { status, stdout, stderr } = spawnSync(join(ROOT, script), { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(says);
  },
);
