import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { PROGRAM_SOURCES } from '../machine/checks/programs.ts';
import { bundlePrograms } from './bundle-programs.ts';

const root = resolve(import.meta.dirname, '../..');

test('every source of the programs is in a folder whose change rebuilds them', async () => {
  const maps = (await bundlePrograms(root, join(root, 'dist'))).filter(({ path }) => path.endsWith('.map'));
  const sources = maps.flatMap(({ path, text }) =>
    (JSON.parse(text) as { sources: string[] }).sources.map((name) => relative(root, resolve(dirname(path), name))),
  );
  const own = sources.filter((name) => name.endsWith('.ts') && !name.includes('node_modules'));
  expect(own.length).toBeGreaterThan(300);
  expect(own.filter((name) => !PROGRAM_SOURCES.some((folder) => name.startsWith(`${folder}/`)))).toEqual([]);
});

test('the build script has the same folders: a change in each of them rebuilds the programs', () => {
  const script = `. "${root}/scripts/lib/build.sh"; build_part() { echo "$1"; }; ensure_built`;
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-stale-'));
  try {
    const write = (name: string, at: Date) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), '');
      for (let place = join(folder, name); place !== folder; place = dirname(place)) utimesSync(place, at, at);
    };
    const [before, then, after] = [1_000_000, 1_000_100, 1_000_200].map((s) => new Date(s * 1_000)) as [
      Date,
      Date,
      Date,
    ];
    const others = ['nginx/gate', 'registry/contract/gate', 'ui/src', 'ui/public'];
    for (const one of [...PROGRAM_SOURCES, ...others]) write(`${one}/x.ts`, before);
    const files = ['index.html', 'package.json', 'vite.config.ts', 'static-icons.ts'].map((name) => `ui/${name}`);
    for (const file of ['package.json', 'package-lock.json', ...files]) write(file, before);
    for (const product of ['dist/registry.js', 'nginx/dist/gate.lua', 'ui/dist/index.html']) write(product, then);
    write('nginx/gate/x.ts', before);
    const built = () =>
      spawnSync('bash', ['-euc', script], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], ROOT: folder },
      }).stdout.trim();
    expect(built()).toBe('');
    for (const one of PROGRAM_SOURCES) {
      write(`${one}/x.ts`, after);
      expect(built(), one).toContain('the programs');
      write(`${one}/x.ts`, before);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
