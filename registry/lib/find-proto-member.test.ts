import { expect, test } from 'vitest';
import { findProtoMember } from './find-proto-member.ts';

test('a member named __proto__ is found with its field, however deep', () => {
  const parse = (text: string) => JSON.parse(text) as unknown;
  expect(findProtoMember(parse('{"a": {"constructor": 1}, "b": [null, "__proto__"]}'))).toBe(null);
  expect(findProtoMember(parse('{"__proto__": 1}'))).toBe('__proto__');
  expect(findProtoMember(parse('{"a": {}, "b": [1, {"c": {"__proto__": {"x": 1}}}]}'))).toBe('b.1.c.__proto__');
});
