import { expect, it } from 'vitest';
import { changedNames, describeAction, targetHref, toLines } from './describe-change.ts';

it('describes actions and links to their targets', () => {
  expect(describeAction('server.registered')).toBe('Server registered');
  expect(describeAction('generation.rolled_back')).toBe('Generation rolled back');
  expect(targetHref('agent:laptop')).toBe('/agents/laptop');
  expect(targetHref('team/search')).toBe('/servers/team/search');
  expect(targetHref('kill:abc')).toBeNull();
  expect(targetHref('generation 4')).toBeNull();
});

it('writes values in a stable order, and finds differences', () => {
  expect(toLines({ b: 1, a: [{ d: 1, c: 2 }] })).toBe(toLines({ a: [{ c: 2, d: 1 }], b: 1 }));
  expect(toLines(null)).toBe('');
  expect(changedNames({ a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 2, e: 3 })).toEqual(['a', 'e']);
  expect(changedNames(null, { a: 1 })).toEqual([]);
});
