import { expect, test } from 'vitest';
import { listSecrets, quoteForeign, redact } from './redact.ts';

test('foreign text is quoted as one short line without invisible characters and secrets', () => {
  const secrets = listSecrets({ Authorization: 'Bearer abcdef', 'X-Key': 'k' }, 'token=q1w2e3');
  expect(secrets).toContain('abcdef');
  expect(quoteForeign('no:\n abcdef \u202eq1w2e3\u0007!', 80, secrets)).toBe('no: (secret) (secret) !');
  expect(quoteForeign('x'.repeat(200), 10)).toBe(`${'x'.repeat(9)}…`);
});

test('emoji keep their shape apart from invisible joiners, and line separators become spaces', () => {
  expect(quoteForeign('a\u2028b\u2029c\u00ad\u{e0041}d', 80)).toBe('a b c d');
  expect(quoteForeign('Größe 天気', 80)).toBe('Größe 天気');
});

test('short values are no secrets: replacing them would only garble the text', () => {
  expect(redact('abc is abc', ['abc'])).toBe('abc is abc');
  expect(listSecrets({ 'X-Key': 'k' }, '')).toEqual([]);
});

test('the scheme of a credential is no secret, and longer secrets are replaced first', () => {
  const secrets = listSecrets({ Authorization: 'Bearer tok-1234-tail', 'X-Part': 'tok-1234' }, '');
  expect(secrets).toEqual(['Bearer tok-1234-tail', 'tok-1234-tail', 'tok-1234']);
  expect(redact('sent tok-1234-tail as Bearer', secrets)).toBe('sent (secret) as Bearer');
});

test('a query is secret as a whole and in each of its values, also decoded', () => {
  expect(listSecrets({}, 'token=a%20bcd&x=1')).toEqual(['token=a%20bcd&x=1', 'a bcd']);
});
