import { expect, test } from 'vitest';
import { readKeyRequest, writeKeyRequest } from './key-request.ts';

test('a key request survives the round trip through the link', () => {
  const requested = { servers: ['weather', 'team/search'], agent: 'coder', lifetime: '30' as const };
  const query = writeKeyRequest(requested);
  expect(query.get('server')).toBe('weather');
  expect(readKeyRequest(query)).toEqual({ also: ['team/search'], agent: 'coder', lifetime: '30' });
});

test('missing or unknown parameters of a link get the defaults of an empty form', () => {
  expect(readKeyRequest(new URLSearchParams('expires=soon'))).toEqual({ also: [], agent: '', lifetime: '90' });
  expect(String(writeKeyRequest({ servers: ['a'], agent: '', lifetime: '90' }))).toBe('server=a');
});
