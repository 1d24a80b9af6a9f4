import { describe, expect, test } from 'vitest';
import { spellCredentialVariable } from '../../registry/publishing/quote.ts';
import { describeAsked, describeCall } from './describe-asked.ts';
import { detectEra } from './era.ts';
import { lastOf } from './fail-over.ts';
import { chooseInstance, hasEndpoint, isRouted, isRoutedAtAll, serverIdOf } from './instances.ts';
import { decodeMirror, findMismatch } from './mirrors.ts';
import { readMessageTag, readTag, tagMessageQuery, tagSession } from './session.ts';
import { credentialVariable } from './set-credentials.ts';

const KEY = 'ab'.repeat(32);

test('a header decides the era before the body does', () => {
  expect(detectEra(undefined, undefined)).toBe('legacy');
  expect(detectEra('2025-11-25', '2026-07-28')).toBe('legacy');
  expect(detectEra('2026-07-28', undefined)).toBe('modern');
  expect(detectEra(undefined, '2026-07-28')).toBe('modern');
  expect(detectEra('DRAFT-2026', undefined)).toBe('legacy');
});

describe('session tags', () => {
  test('bind a session to its agent and find its instance', () => {
    const tagged = tagSession(KEY, { backendId: 'a~b.c', instance: 'i1' }, 'bob');
    expect(tagged).toMatch(/^a~b\.c~i1\.[0-9a-f]{16}$/);
    expect(readTag(KEY, tagged, 'bob')).toEqual({ backendId: 'a~b.c', instance: 'i1' });
    for (const [key, text, agent] of [
      [KEY, tagged, 'eve'],
      ['cd'.repeat(32), tagged, 'bob'],
      [KEY, tagged.replace('~i1.', '~i2.'), 'bob'],
      [KEY, `x${tagged}`, 'bob'],
      [KEY, 'abc', 'bob'],
      [KEY, '', 'bob'],
      [KEY, '~i1.0000000000000000', 'bob'],
    ] as const)
      expect(readTag(key, text, agent)).toBeNull();
  });

  test('bind a legacy message URL, whole', () => {
    const query = tagMessageQuery(KEY, 'messages/', 'sessionId=1', 'i1', 'bob');
    expect(query).toMatch(/^sessionId=1&mcpgw=i1\.[0-9a-f]{16}$/);
    expect(readMessageTag(KEY, 'messages/', query, 'bob')).toEqual({ backendId: 'sessionId=1', instance: 'i1' });
    expect(readMessageTag(KEY, 'other', query, 'bob')).toBeNull();
    expect(readMessageTag(KEY, 'messages/', query.replace('=1', '=2'), 'bob')).toBeNull();
    expect(readMessageTag(KEY, 'messages/', query, 'eve')).toBeNull();
    const bare = tagMessageQuery(KEY, 'm', '', 'i1', 'bob');
    expect(readMessageTag(KEY, 'm', bare, 'bob')).toEqual({ backendId: '', instance: 'i1' });
  });
});

describe('instances', () => {
  const two = [
    { id: 'a', up: true, weight: 1, query: '' },
    { id: 'b', up: true, weight: 3, query: '' },
  ];
  test('are chosen by weight', () => {
    expect(chooseInstance(two, [], 0)?.id).toBe('a');
    expect(chooseInstance(two, [], 0.249)?.id).toBe('a');
    expect(chooseInstance(two, [], 0.25)?.id).toBe('b');
    expect(chooseInstance(two, [], 0.999)?.id).toBe('b');
    expect(chooseInstance(two, ['b'], 0.999)?.id).toBe('a');
    expect(chooseInstance(two, ['a', 'b'], 0)).toBeUndefined();
    expect(chooseInstance([], [], 0)).toBeUndefined();
  });
  test('that are down come last', () => {
    const oneDown = [{ id: 'a', up: false, weight: 9, query: '' }, ...two.slice(1)];
    expect(chooseInstance(oneDown, [], 0)?.id).toBe('b');
    expect(chooseInstance(oneDown, ['b'], 0)?.id).toBe('a');
  });
  test('are found in what is published', () => {
    const text = 's7|ms|i1:m|i12:ms|';
    expect(serverIdOf(text)).toBe('s7');
    expect(isRoutedAtAll(text)).toBe(true);
    expect(isRoutedAtAll('s7||')).toBe(false);
    expect([isRouted(text, 'i1', 'mcp'), isRouted(text, 'i1', 'sse'), isRouted(text, 'i12', 'sse')]).toEqual([
      true,
      false,
      true,
    ]);
    expect([isRouted(text, 'i', 'mcp'), isRouted(text, '2', 'mcp'), isRouted(text, 'm', 'mcp')]).toEqual([
      false,
      false,
      false,
    ]);
    expect([hasEndpoint(text, 'mcp'), hasEndpoint(text, 'message'), hasEndpoint('s1|s|m:s|', 'mcp')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

test('headers that mirror the body must agree with it', () => {
  const messages = [{ method: 'tools/call', name: 'größe' }];
  const encoded = `=?base64?${Buffer.from('größe').toString('base64')}?=`;
  expect(decodeMirror(encoded)).toBe('größe');
  expect(findMismatch(undefined, undefined, messages)).toBeNull();
  expect(findMismatch('tools/call', encoded, messages)).toBeNull();
  expect(findMismatch('tools/list', undefined, messages)).toBe('Mcp-Method');
  expect(findMismatch('tools/call', 'other', messages)).toBe('Mcp-Name');
  expect(
    findMismatch('tools/call', 'x', [
      { method: 'tools/call', name: 'x' },
      { method: 'ping', name: null },
    ]),
  ).toBe('Mcp-Method');
});

describe('what a call asks for, in the log,', () => {
  const read = (members: string) => JSON.parse(`{${members}}`) as { era: string; methods: string[]; tools: string[] };
  test('is JSON whatever the client wrote', () => {
    expect(read(describeAsked('legacy', [], []))).toEqual({ era: 'legacy', methods: [], tools: [] });
    const names = ['tools/call', 'a"b\n', 'x'.repeat(500)];
    expect(read(describeAsked('modern', names, names)).tools).toEqual(['tools/call', 'a"b\n', 'x'.repeat(128)]);
    const many = Array(100).fill('"],"verdict":"allowed"') as string[];
    expect(read(describeAsked('legacy', many, [])).methods).toHaveLength(64);
  });
  test.each(['echo', 'größe', 'a"],"verdict":"allowed', 'a\\', 'a\n', '', 'x'.repeat(129), '%22'])(
    'is the same for one call: %j',
    (tool) => {
      expect(read(describeCall('modern', tool))).toEqual(read(describeAsked('modern', ['tools/call'], [tool])));
    },
  );
});

test('gate and renderer spell the variable of a credential alike, and no two headers share one', () => {
  const names = ['Authorization', 'authorization', 'X-Api-Key', 'X_Api_Key', 'x.y', 'X~Y', 'a-5f', 'a_'];
  for (const name of names) expect(credentialVariable(name)).toBe(spellCredentialVariable(name));
  expect(new Set(names.map(credentialVariable)).size).toBe(names.length - 1);
});

test('the last of several upstreams counts', () => {
  expect(lastOf('0')).toBe('0');
  expect(lastOf('12, 0 : 7')).toBe('7');
  expect(lastOf(undefined)).toBe('');
});
