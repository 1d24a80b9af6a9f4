import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { hashKey, isKeyShaped, createKey, createPassword } from './key.ts';

test('a key has the documented shape and a valid checksum', () => {
  for (let i = 0; i < 500; i += 1) {
    const key = createKey();
    expect(key).toMatch(/^mgw_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(isKeyShaped(key)).toBe(true);
  }
  expect(new Set(Array.from({ length: 500 }, createKey)).size).toBe(500);
});

test('the checksum is the CRC32 of the text before the last underscore, in base62 padded with zeros', () => {
  const head = `mgw_${'0'.repeat(43)}`;
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let rest = crc32(head);
  let sum = '';
  for (let i = 0; i < 6; i += 1) {
    sum = (digits[rest % 62] ?? '') + sum;
    rest = Math.floor(rest / 62);
  }
  expect(isKeyShaped(`${head}_${sum}`)).toBe(true);
});

test('one wrong character is detected', () => {
  const key = createKey();
  for (const at of [0, 4, 20, 46, 48, key.length - 1]) {
    const other = key[at] === 'a' ? 'b' : 'a';
    expect(isKeyShaped(key.slice(0, at) + other + key.slice(at + 1))).toBe(false);
  }
  for (const bad of ['', 'mgw_', ` ${key}`, `${key}\n`, key.slice(0, -1), 'Bearer x'])
    expect(isKeyShaped(bad)).toBe(false);
});

test('the hash is SHA-256 of the whole text in hex', () => {
  expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('generated passwords have 20 characters and differ', () => {
  const passwords = new Set(Array.from({ length: 200 }, createPassword));
  expect(passwords.size).toBe(200);
  for (const password of passwords) expect(password).toMatch(/^[0-9A-Za-z]{20}$/);
});
