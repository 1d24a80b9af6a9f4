import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../../support/gateway/start-gateway.ts';

const UNIT = join(ROOT, 'packaging/systemd/mcpgw.service');
const PLIST = join(ROOT, 'packaging/launchd/io.mcpgw.gateway.plist');
const MAX_EXPOSURE = 3;
interface Service {
  build?: { context: string; dockerfile: string; target: string };
  ports?: string[];
  volumes?: string[];
  command?: string[];
}
const has = (program: string) => spawnSync(program, ['--version']).status === 0;

test.runIf(has('systemd-analyze'))('the systemd unit has a low exposure level', () => {
  const text = execFileSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', UNIT], { encoding: 'utf8' });
  expect(Number(/Overall exposure level.*: ([\d.]+)/.exec(text)?.[1])).toBeLessThanOrEqual(MAX_EXPOSURE);
});

test.runIf(has('systemd-analyze'))('systemd reports no problem in the unit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-unit-'));
  try {
    // Its programs must exist: those of the checkout replace the installed ones.
    const unit = join(folder, 'mcpgw.service');
    writeFileSync(unit, readFileSync(UNIT, 'utf8').replaceAll('/usr/lib/mcpgw/', `${ROOT}/`));
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.runIf(has('python3'))('the launchd plist is valid, and publishes the volumes and ports of the image', () => {
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

test('compose.yaml runs the gateway as the image requires, and registers two demo servers', () => {
  const dockerfile = readFileSync(join(ROOT, 'docker/Dockerfile'), 'utf8');
  const { services, volumes } = parse(readFileSync(join(ROOT, 'docker/compose.yaml'), 'utf8')) as {
    services: Record<string, Service>;
    volumes: Record<string, null>;
  };
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name);
  for (const { build } of Object.values(services).filter((one) => one.build !== undefined)) {
    expect(existsSync(join(ROOT, 'docker', build!.context, build!.dockerfile))).toBe(true);
    expect(stages).toContain(build!.target);
  }
  const gateway = services['gateway']!;
  expect(gateway.ports?.map((port) => port.split(':').at(-1))).toEqual(
    /^EXPOSE (.*)$/m.exec(dockerfile)![1]!.split(' '),
  );
  const mounts = (gateway.volumes ?? []).map((volume) => volume.split(':') as [string, string]);
  expect(mounts.map(([, folder]) => folder)).toEqual(JSON.parse(/^VOLUME (.*)$/m.exec(dockerfile)![1]!));
  expect(mounts.map(([name]) => name).sort()).toEqual(Object.keys(volumes).sort());
  // With a read-only root and only the capabilities with which scripts/image/prove.sh runs it.
  const proven = readFileSync(join(ROOT, 'scripts/image/main-path.ts'), 'utf8');
  const [, capabilities = ''] = /CAPABILITIES = \[([^\]]*)\]/.exec(proven) ?? [];
  expect(gateway).toMatchObject({ read_only: true, cap_drop: ['ALL'], cap_add: capabilities.match(/\w+/g) });
  for (const target of services['register']!.command!.slice(1))
    expect(services).toHaveProperty(new URL(target.split('=')[1]!).hostname);
  expect(services['register']!.command).toHaveLength(3);
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
  'scripts/%s.sh prints its help, refuses unknown options, and changes nothing with --dry-run',
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
  {
    script: 'scripts/clone/prove.sh',
    proves: 'a clone starts on an empty machine, and the commands that it prints work',
    prints: 'clone proven',
  },
  { script: 'scripts/image/prove.sh', proves: 'the image is built, small, private and serves', prints: 'image proven' },
  {
    script: 'scripts/package/prove-deb.sh',
    proves: 'the package installs, upgrades under load and removes',
    prints: 'package proven',
  },
];
// Minutes each, most of it fetching packages: PROVE_SHIPPING=yes scripts/test.sh
test.runIf(process.env['PROVE_SHIPPING'] === 'yes').each(PROOFS)(
  '$proves',
  { timeout: 1_800_000 },
  ({ script, prints }) => {
    const { status, stdout, stderr } = spawnSync(join(ROOT, script), { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(prints);
  },
);
