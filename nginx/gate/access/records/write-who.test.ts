import { expect, test } from 'vitest';
import { formatEmptyWho } from '../../../../registry/contract/gate/call-log.ts';
import { writeWho } from './write-who.ts';

test('the members about a key are JSON', () => {
  expect(JSON.parse(`{${writeWho('bob', 'a"b')}}`)).toEqual({ agent: 'bob', key: 'a"b' });
  expect(JSON.parse(`{${writeWho('bob', undefined)}}`)).toEqual({ agent: 'bob' });
});

test('the members about an unknown key are the initial ones of nginx.conf', () => {
  expect(formatEmptyWho()).toBe('"agent":null');
});
