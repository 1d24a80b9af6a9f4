import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readResults } from './report.ts';
import { renderSizing, replaceSizing } from './sizing.ts';

test('the sizing of docs/operations.md has the figures of the last results', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
  const table = renderSizing(readResults(join(import.meta.dirname, '../../results')));
  expect(table).not.toContain('not measured');
  // npm run bench writes it.
  expect(page).toBe(replaceSizing(page, table));
});

test('missing measurements are marked, and a page without the markers is refused', () => {
  expect(renderSizing(new Map())).toContain('| not measured');
  expect(() => replaceSizing('# Page', '')).toThrow(/has no <!-- sizing/);
});
