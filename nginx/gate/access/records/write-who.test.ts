import { expect, test } from 'vitest';
import { formatEmptyWho } from '../../../../registry/contract/gate/call-log.ts';
import { writeWho } from './write-who.ts';

test('what is said of a key is JSON', () => {
  expect(JSON.parse(`{${writeWho('bob', 'a"b')}}`)).toEqual({ agent: 'bob', key: 'a"b' });
  expect(JSON.parse(`{${writeWho('bob', undefined)}}`)).toEqual({ agent: 'bob' });
});

test('of a key that is not known, a line says what nginx.conf begins with', () => {
  expect(formatEmptyWho()).toBe('"agent":null');
});
