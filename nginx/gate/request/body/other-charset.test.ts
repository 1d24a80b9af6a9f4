import { expect, test } from 'vitest';
import { namesOtherCharset } from './other-charset.ts';

test.each([
  ['application/json', false],
  ['application/json; charset=utf-8', false],
  ['application/json;charset="UTF8" ; v=1', false],
  ['application/json; charset=utf-7', true],
  ['application/json; charset=utf-16le', true],
  ['application/json; charset=utf-8; charset=utf-7', true],
  ['application/json; charset=utf-8, application/json; charset=utf-7', true],
  ['application/json; x="; charset=utf-8"; Charset=shift_jis', true],
  ["application/json; charset*=utf-8''utf-7", true],
])('whether %s names a charset other than UTF-8: %s', (contentType, expected) => {
  expect(namesOtherCharset(contentType)).toBe(expected);
});
