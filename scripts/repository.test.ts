import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const GENERATED = /^(node_modules|dist|data|logs|golden|results|\..*)$/;
const MAX_SOURCES = 14;
/** Files numbered in sequence cannot be grouped. */
const NUMBERED = /^registry\/store\/migrations$/;

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return entry.isFile() ? [relative(root, path)] : [];
    return GENERATED.test(entry.name) ? [] : listFiles(path);
  });
}

const files = listFiles(root);
const texts = new Map(
  files
    .filter((file) => /\.(ts|svelte|lua|hbs|sh|md)$/.test(file) && file !== 'CHANGELOG.md')
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
);

test(`no folder has more than ${MAX_SOURCES} source files at one level`, () => {
  const counts = new Map<string, number>();
  for (const file of files)
    if (/\.(ts|svelte|lua|hbs|css)$/.test(file) && !/\.test\.ts$/.test(file))
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([folder, count]) => count > MAX_SOURCES && !NUMBERED.test(folder))).toEqual([]);
});

test('sources, tests and docs refer only to files of this repository', () => {
  const missing = [...texts].flatMap(([file, text]) => [
    ...[...text.matchAll(/(?<![\w/-])docs\/[\w/-]+\.md/g)]
      .filter(([cited]) => !existsSync(join(root, cited)))
      .map(([cited]) => `${file}: ${cited}`),
    ...[...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)]
      .filter(([, link = '']) => file.endsWith('.md') && !existsSync(join(root, dirname(file), link)))
      .map(([, link = '']) => `${file}: ${link}`),
    ...[...text.matchAll(/\b(DESIGN|PROTOCOL|PEERS)\.md|\bissue \d+, point/g)]
      .filter(() => file !== relative(root, import.meta.filename))
      .map(([cited]) => `${file}: ${cited}`),
  ]);
  expect(missing).toEqual([]);
});
