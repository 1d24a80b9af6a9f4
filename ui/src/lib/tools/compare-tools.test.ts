import type { Tool } from '@mcpgw/registry/contract';
import { expect, test } from 'vitest';
import { compareTools } from './compare-tools.ts';

const tool = (description: string, properties: Tool['inputSchema'], required: string[]): Tool => ({
  name: 'send',
  description,
  inputSchema: { type: 'object', properties, required },
});

test('lists the changed words and parameters', () => {
  const before = tool('Sends a mail.', { to: { type: 'string' }, cc: { type: 'string' }, size: { type: 'number' } }, [
    'to',
  ]);
  const after = tool(
    'Sends a secret mail.',
    { to: { type: 'string' }, key: { type: 'string' }, size: { type: 'string' } },
    ['to', 'key'],
  );
  const { description, ...parameters } = compareTools(before, after);
  expect(description?.filter(({ kind }) => kind === 'added').map(({ text }) => text.trim())).toEqual(['secret']);
  expect(parameters).toEqual({
    added: ['key'],
    removed: ['cc'],
    newlyRequired: ['key'],
    retyped: ['size: number → string'],
  });
  expect(compareTools(before, before).description).toBeNull();
});
