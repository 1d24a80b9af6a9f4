import { expect, test } from 'vitest';
import { formatEmptyNote } from '../../../registry/contract/gate/call-log.ts';
import { writeNote } from './note.ts';

const NOTHING = {
  server: undefined,
  instance: undefined,
  era: undefined,
  methods: [],
  tools: [],
  prompts: [],
  resources: [],
};
const read = (more: Partial<Parameters<typeof writeNote>[0]>) =>
  JSON.parse(`{${writeNote({ ...NOTHING, ...more })}}`) as Record<string, unknown>;

test('the note of a request of which nothing is known is the initial one of nginx.conf', () => {
  expect(writeNote(NOTHING)).toBe(formatEmptyNote());
});

test('a note is JSON for any input of the client', () => {
  expect(read({})).toEqual({ server: null, instance: null, era: null, methods: [], tools: [] });
  expect(read({ server: 'team/x', instance: 'i1', era: 'modern' })).toMatchObject({
    server: 'team/x',
  });
  const names = ['tools/call', 'a"b\n', 'x'.repeat(500)];
  expect(read({ tools: names }).tools).toEqual(['tools/call', 'a"b\n', 'x'.repeat(128)]);
  const many = Array<string>(100).fill('"],"verdict":"allowed"');
  expect(read({ methods: many }).methods).toHaveLength(64);
});

test('a long name is cut between characters', () => {
  // As in the gate: each character is a byte of UTF-8.
  const bytes = Buffer.from(`${'x'.repeat(127)}ü`).toString('latin1');
  expect(read({ tools: [bytes] }).tools).toEqual(['x'.repeat(127)]);
});

test('prompts and resources are written if there are any; the query of a URI is not', () => {
  expect(read({ prompts: ['say'] })).toMatchObject({ prompts: ['say'] });
  const uris = ['file:///a', 'https://a/b?token=secret', `docs://${'x'.repeat(500)}`];
  const { resources } = read({ resources: uris.map((uri) => Buffer.from(uri).toString('latin1')) });
  expect(resources).toEqual(['file:///a', 'https://a/b…', `docs://${'x'.repeat(249)}…`]);
});
