import { SourceMap, type SourceMapPayload } from 'node:module';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { bundlePrograms } from './bundle-programs.ts';
import { findOrigins, type Position } from './find-origins.ts';

const root = resolve(import.meta.dirname, '../..');

test('every place of a built program is mapped like with the SourceMap of Node', async () => {
  const files = await bundlePrograms(root, join(root, 'dist'));
  const textOf = (name: string) => files.find(({ path }) => path.endsWith(name))?.text ?? '';
  const payload = JSON.parse(textOf('/start.js.map')) as SourceMapPayload;
  const map = new SourceMap(payload);
  const places = textOf('/start.js')
    .split('\n')
    .flatMap((text, line): Position[] =>
      [0, 0.2, 0.5, 0.8, 1].map((part) => ({ line, column: Math.floor(text.length * part) })),
    );
  const origins = findOrigins(payload, places);
  const expected = places.map(({ line, column }) => {
    const entry = map.findEntry(line, column);
    // A segment of an earlier line does not apply to this one.
    if (!('originalSource' in entry) || entry.generatedLine !== line) return undefined;
    const { originalSource: source, originalLine, originalColumn } = entry as Partial<typeof entry>;
    return source === undefined ? undefined : { source, line: originalLine, column: originalColumn };
  });
  expect(expected.filter((origin) => origin?.source.endsWith('.ts')).length).toBeGreaterThan(50);
  expect(origins).toEqual(expected);
});

test('a place before the first segment of a line, or on a line without one, has no origin', () => {
  expect(
    findOrigins({ mappings: ';EAAA', sources: ['a.ts'] }, [
      { line: 0, column: 5 },
      { line: 1, column: 1 },
      { line: 1, column: 9 },
      { line: 7, column: 0 },
    ]),
  ).toEqual([undefined, undefined, { source: 'a.ts', line: 0, column: 0 }, undefined]);
});

test('built programs are ASCII: with any other character V8 uses two bytes for each', async () => {
  const programs = (await bundlePrograms(root, join(root, 'dist'))).filter(({ path }) => path.endsWith('.js'));
  expect(programs.map(({ text }) => /.{0,40}[^\x00-\x7f]/.exec(text)?.[0]).filter(Boolean)).toEqual([]);
});
