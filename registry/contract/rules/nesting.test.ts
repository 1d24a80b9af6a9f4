import { expect, test } from 'vitest';
import { isNestedDeeperThan } from './nesting.ts';

test('depth is counted in levels', () => {
  expect(isNestedDeeperThan({ a: [1, { b: 2 }] }, 3)).toBe(false);
  expect(isNestedDeeperThan({ a: [1, { b: 2 }] }, 2)).toBe(true);
  expect(isNestedDeeperThan(null, 0)).toBe(false);
});

test('the depth of a value does not run the stack out', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 200_000; level += 1) deep = [deep];
  expect(isNestedDeeperThan(deep, 100)).toBe(true);
  expect(isNestedDeeperThan(deep, 1_000_000)).toBe(false);
});
