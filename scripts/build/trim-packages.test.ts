import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { PROGRAM_SOURCES } from '../machine/checks/programs.ts';
import { UNDICI } from './trim-packages.ts';

const root = resolve(import.meta.dirname, '../..');

const sources = () =>
  PROGRAM_SOURCES.flatMap((folder) =>
    globSync(`${folder}/**/*.ts`, {
      cwd: root,
      exclude: (name) => name.includes('node_modules') || name.endsWith('.test.ts'),
    }),
  );

test('everything that sources of the programs import from undici is built in', () => {
  const built = new Set([...UNDICI.matchAll(/^exports\.(\w+)/gm)].map(([, name]) => name));
  const used = sources().flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^import \{([^}]*)\} from 'undici';/gm)].flatMap(
      ([, names = '']) => names.split(',').map((name) => name.trim()),
    ),
  );
  const values = used.filter((name) => name !== '' && !name.startsWith('type ')).map((name) => name.split(' ')[0]);
  expect(values).toContain('fetch');
  expect(values.filter((name = '') => !built.has(name))).toEqual([]);
});

test('every agent of undici disables HTTP/2, which is not built in', () => {
  const creators = /^import \{[^}]*\b(?<!type )(Agent|Client|buildConnector)\b[^}]*\} from 'undici';/m;
  const texts = sources()
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
    .filter(({ text }) => creators.test(text));
  expect(texts.length).toBeGreaterThan(4);
  expect(texts.filter(({ text }) => !text.includes('allowH2: false')).map(({ file }) => file)).toEqual([]);
});
