import { expect, it } from 'vitest';
import { activityHref, readCallQuery, readRange } from './call-query.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

it('reads the filter from the URL, and nothing else', () => {
  const query = new URLSearchParams('agent=a&tool=&minMs=250&verdict=refused&x=1&range=day');
  expect(readRange(query)).toBe('day');
  expect(readCallQuery(query, now)).toEqual({
    agent: 'a',
    verdict: 'refused',
    minMs: 250,
    from: '2026-11-20T12:00:00.000Z',
  });
});

it('prefers explicit times to the range', () => {
  const to = '2026-11-21T11:01:00Z';
  const query = new URLSearchParams({ from: '2026-11-21T11:00:00Z', to });
  expect(readCallQuery(query, now)).toEqual({ from: '2026-11-21T11:00:00Z', to });
  expect(readRange(new URLSearchParams('range=year'))).toBe('hour');
});

it('omits unset parameters from links', () => {
  expect(activityHref({ agent: 'a b', server: undefined })).toBe('/activity?agent=a+b');
});
