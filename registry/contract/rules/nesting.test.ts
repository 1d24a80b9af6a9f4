import { expect, test } from 'vitest';
import { findProtoMember, isNestedDeeperThan } from './nesting.ts';

test('depth is counted in levels', () => {
  expect(isNestedDeeperThan({ a: [1, { b: 2 }] }, 3)).toBe(false);
  expect(isNestedDeeperThan({ a: [1, { b: 2 }] }, 2)).toBe(true);
  expect(isNestedDeeperThan(null, 0)).toBe(false);
});

test('a deeply nested value does not overflow the stack', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 200_000; level += 1) deep = [deep];
  expect(isNestedDeeperThan(deep, 100)).toBe(true);
  expect(isNestedDeeperThan(deep, 1_000_000)).toBe(false);
});

test('a member named __proto__ is found with its field, however deep', () => {
  const parse = (text: string) => JSON.parse(text) as unknown;
  expect(findProtoMember(parse('{"a": {"constructor": 1}, "b": [null, "__proto__"]}'))).toBe(null);
  expect(findProtoMember(parse('{"__proto__": 1}'))).toBe('__proto__');
  expect(findProtoMember(parse('{"a": {}, "b": [1, {"c": {"__proto__": {"x": 1}}}]}'))).toBe('b.1.c.__proto__');
});
