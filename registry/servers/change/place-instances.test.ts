import { expect, test } from 'vitest';
import { mergeHeaders } from './apply-patch.ts';
import { createId } from '../create-id.ts';
import { assumeEndpoints, placeInstances, splitQuery } from './place-instances.ts';

const input = (url: string) => ({ url, weight: 1, enabled: true });
let serial = 0;
const nextId = () => `id${(serial += 1)}`;

test('a query is split off at the first question mark', () => {
  expect(splitQuery('http://h/mcp?a=1?b')).toEqual({ url: 'http://h/mcp', query: 'a=1?b' });
  expect(splitQuery('http://h/mcp')).toEqual({ url: 'http://h/mcp', query: '' });
});

test.each([
  ['http://h:1', 'auto', 'http://h:1/mcp', null],
  ['http://h:1/', 'auto', 'http://h:1/mcp', null],
  ['http://h:1/api', 'auto', 'http://h:1/api', null],
  ['http://h:1/sse', 'auto', null, 'http://h:1/sse'],
  ['http://h:1', 'sse', null, 'http://h:1/sse'],
] as const)('endpoints assumed for %s (%s)', (url, transport, mcp, sse) => {
  expect(assumeEndpoints(url, transport)).toMatchObject({ mcp, sse });
});

test('an instance with an unchanged URL keeps id, observations and query, unless another query is written', () => {
  const [first] = placeInstances([input('http://a/mcp?k=1')], [], 'auto', nextId);
  if (first === undefined) throw new Error('none');
  const observed = { ...first, up: false };
  const [unchanged, added] = placeInstances([input('http://a/mcp'), input('http://b')], [observed], 'auto', nextId);
  expect(unchanged).toEqual(observed);
  expect(added?.id).not.toBe(first.id);
  expect(placeInstances([input('http://a/mcp?k=2')], [observed], 'auto', nextId)[0]).toMatchObject({
    id: first.id,
    query: 'k=2',
  });
  expect(placeInstances([input('http://a/mcp?')], [observed], 'auto', nextId)[0]?.query).toBe('');
});

test('ids have the requested length and begin with a letter', () => {
  for (let count = 0; count < 200; count += 1) expect(createId(12)).toMatch(/^[a-z][a-z0-9]{11}$/);
});

test('headers are merged by name, case-insensitively', () => {
  expect(
    mergeHeaders({ Authorization: 'a', 'X-One': '1' }, { authorization: 'b', 'x-one': null, 'X-Two': '2' }),
  ).toEqual({
    authorization: 'b',
    'X-Two': '2',
  });
});
