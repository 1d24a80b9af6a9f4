import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKeyShaped as isShapedForRegistry, makeKey } from '../../registry/access/key.ts';
import { crc32, isChecksumRight, isKeyShaped, readKey } from './key.ts';

test('the checksum is the one that the registry writes', () => {
  for (let i = 0; i < 200; i += 1) {
    const key = makeKey();
    expect(isKeyShaped(key) && isChecksumRight(key)).toBe(true);
    const wrong = key.slice(0, 10) + (key[10] === 'a' ? 'b' : 'a') + key.slice(11);
    expect(isKeyShaped(wrong) && isChecksumRight(wrong)).toBe(isShapedForRegistry(wrong));
  }
});

test('CRC32 is zlib’s', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => crc32(text) === zlibCrc32(text)));
});

test.each([
  ['Bearer k', undefined, 'k'],
  ['bearer  k ', undefined, 'k'],
  ['BEARER k', 'x', 'k'],
  [undefined, 'x', 'x'],
  ['Basic abc', 'x', 'x'],
  ['Basic abc', undefined, 'Basic abc'],
  [undefined, undefined, undefined],
])('Authorization %j and X-Api-Key %j give the key %j', (authorization, apiKey, key) => {
  expect(readKey(authorization, apiKey)).toBe(key);
});
