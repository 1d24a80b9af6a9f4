import { expect, test } from 'vitest';
import { readKeyRequest, writeKeyRequest } from './key-request.ts';

test('what one asks an administrator for is what the link shows them', () => {
  const wanted = { servers: ['weather', 'team/search'], agent: 'coder', lifetime: '30' as const };
  const query = writeKeyRequest(wanted);
  expect(query.get('server')).toBe('weather');
  expect(readKeyRequest(query)).toEqual({ also: ['team/search'], agent: 'coder', lifetime: '30' });
});

test('what is missing or unknown in a link is as in an empty form', () => {
  expect(readKeyRequest(new URLSearchParams('expires=soon'))).toEqual({ also: [], agent: '', lifetime: '90' });
  expect(String(writeKeyRequest({ servers: ['a'], agent: '', lifetime: '90' }))).toBe('server=a');
});
