import type { Grant } from '@mcpgw/registry/contract';
import { expect, it } from 'vitest';
import { addSelector, newDraft, parseSelectors, toDraft, toGrant } from './grant-draft.ts';

const grants: Grant[] = [
  { server: '*', tools: ['*'], resources: ['*'], prompts: ['*'] },
  { server: 'team/*', tools: ['get_*', '!get_secret', 'annotation:readOnly'], resources: [], prompts: [] },
  {
    server: 'a',
    tools: [],
    resources: ['docs://a,b/*', 'tag:finance'],
    prompts: ['write_*'],
    effect: 'deny',
    hours: { days: ['mon'], from: '22:00', to: '06:00', zone: 'Europe/Berlin' },
    expiresAt: '2027-01-01T00:00:00.000Z',
  },
];

it.each(grants)('converts a grant to a draft and back: $server', (grant) => {
  expect(toGrant(toDraft(grant))).toEqual(grant);
});

it('starts with a whole server, without limits', () => {
  expect(toGrant(newDraft('weather'))).toEqual({ server: 'weather', tools: ['*'], resources: ['*'], prompts: ['*'] });
});

it('splits selectors at lines and commas, URIs at lines only', () => {
  expect(parseSelectors('a, b\n\n a ', 'tools')).toEqual(['a', 'b']);
  expect(parseSelectors('x://a,b\nx://c', 'resources')).toEqual(['x://a,b', 'x://c']);
  expect(addSelector('a', 'b', 'tools')).toBe('a\nb');
  expect(addSelector('a\nb', 'b', 'tools')).toBe('a\nb');
  expect(addSelector('', 'b', 'tools')).toBe('b');
});
