import { expect, test } from 'vitest';
import type { Tool } from '../../contract/index.ts';
import { diffTools } from './diff-tools.ts';
import { shortenChange } from './shorten-change.ts';

const changeTo = (after: Tool) => shortenChange(diffTools([{ name: 'a', inputSchema: {} }], [after])[0]!);

test('an ordinary definition is stored unchanged', () => {
  const after = {
    name: 'a',
    title: 'A',
    description: 'Adds.',
    inputSchema: { type: 'object' },
    annotations: { readOnlyHint: true },
  };
  expect(changeTo(after)).toMatchObject({ kind: 'changed', after });
});

test('long texts are cut between characters, large schemas omitted, and both are noted', () => {
  const description = `${'x'.repeat(3_999)}😀${'y'.repeat(50_000)}`;
  const properties = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`p${n}`, { type: 'string' }]));
  const { fields, before, after } = changeTo({ name: 'a', description, inputSchema: { type: 'object', properties } });
  expect(fields).toEqual(['description', 'inputSchema']);
  expect(before).toEqual({ name: 'a', inputSchema: {} });
  expect(after?.description).toBe(`${'x'.repeat(3_999)}… [50002 more characters are not stored]`);
  expect(after?.inputSchema).toEqual({ $comment: expect.stringMatching(/^\d+ characters are not stored$/) as string });
});
