import { expect, test } from 'vitest';
import { isKeyShaped as isShapedForRegistry, createKey } from '../../../../registry/access/agents/key.ts';
import { isChecksumRight, isKeyShaped } from './key-shape.ts';
import { readKey } from './read-key.ts';

test('the checksum is the one that the registry writes', () => {
  for (let i = 0; i < 200; i += 1) {
    const key = createKey();
    expect(isKeyShaped(key) && isChecksumRight(key)).toBe(true);
    const wrong = key.slice(0, 10) + (key[10] === 'a' ? 'b' : 'a') + key.slice(11);
    expect(isKeyShaped(wrong) && isChecksumRight(wrong)).toBe(isShapedForRegistry(wrong));
  }
});

test.each([
  ['Bearer k', undefined, 'k'],
  ['bearer  k ', undefined, 'k'],
  ['BEARER k', 'x', 'k'],
  [undefined, 'x', 'x'],
  ['Basic abc', 'x', 'x'],
  ['Basic abc', undefined, 'Basic abc'],
  [undefined, undefined, undefined],
])('Authorization %j and X-Api-Key %j result in the key %j', (authorization, apiKey, key) => {
  expect(readKey(authorization, () => apiKey)).toBe(key);
});
