import { describe, expect, test } from 'vitest';
import { parsePlace } from '../../request/guard/places.ts';
import type { Endpoint } from '../../request/guard/route.ts';
import { chooseInstance, listCandidates } from './choose-instance.ts';
import { encodeQuery } from './query.ts';
import { writeHeader } from './write-header.ts';

const instance = (id: string, weight = 1, up = true) => ({ id, up, weight, query: undefined });

describe('instances', () => {
  const two = [instance('a'), instance('b', 3)];
  test('are chosen by weight', () => {
    expect(chooseInstance(two, [], 0)?.id).toBe('a');
    expect(chooseInstance(two, [], 0.249)?.id).toBe('a');
    expect(chooseInstance(two, [], 0.25)?.id).toBe('b');
    expect(chooseInstance(two, [], 0.999)?.id).toBe('b');
    expect(chooseInstance(two, ['b'], 0.999)?.id).toBe('a');
    expect(chooseInstance(two, ['a', 'b'], 0)).toBeUndefined();
    expect(chooseInstance([], [], 0)).toBeUndefined();
  });
  test('that are down are chosen last', () => {
    const oneDown = [instance('a', 9, false), instance('b', 3)];
    expect(chooseInstance(oneDown, [], 0)?.id).toBe('b');
    expect(chooseInstance(oneDown, ['b'], 0)?.id).toBe('a');
  });
  test('are only the published ones', () => {
    const place = parsePlace('s7|ms|i1:m|i12:ms|weather');
    expect(place).toMatchObject({ path: 'weather', serverId: 's7', isRouted: true });
    expect(place.endpoints).toEqual({ mcp: true, sse: true, message: true });
    const server = { instances: ['i1', 'i12', 'i', 'm'].map((id) => instance(id)), derived: {} };
    const list = (endpoint: Endpoint) => listCandidates(place, server, endpoint).map(({ id }) => id);
    expect(list('mcp')).toEqual(['i1', 'i12']);
    expect(list('sse')).toEqual(['i12']);
    expect(list('message')).toEqual(['i12']);
    expect(list('mcp')).toEqual(['i1', 'i12']);
    expect(parsePlace('s7||weather').isRouted).toBe(false);
  });
});

test.each([
  ['a=b&c=%2F', 'a=b&c=%2F'],
  ['a="\u00fc\'<>#', 'a=%22%FC%27%3C%3E%23'],
  ['a b', undefined],
  ['a\r\nX: y', undefined],
  ['a\tb', undefined],
  ['a\u0000', undefined],
])('the query %j is sent as %j', (query, sent) => {
  expect(encodeQuery(query)).toBe(sent);
});

test.each([
  ['X-Key', 'v', '\r\nX-Key: v'],
  ['X-Key', 'a\tb \u00fc', '\r\nX-Key: a\tb \u00fc'],
  ['X-Key', 'v\r\nHost: evil', undefined],
  ['X-Key', 'v\n', undefined],
  ['X-Key', 'v\u0000', undefined],
  ['X Key', 'v', undefined],
  ['X-Key: a\r\nY', 'v', undefined],
  ['', 'v', undefined],
])('the header %j: %j is written as %j', (name, value, line) => {
  expect(writeHeader(name, value)).toBe(line);
});
