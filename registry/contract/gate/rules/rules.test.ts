import { describe, expect, test } from 'vitest';
import type { GrantFile } from '../access-files.ts';
import { coversPath } from './glob.ts';
import {
  compileRules,
  decideName,
  indexNames,
  isActive,
  isUnrestricted,
  listCovering,
  type GrantKind,
} from './rules.ts';

const FACTS = { tags: ['finance'], readOnly: indexNames(['list_items', 'get_secret']) };

function decide(grants: GrantFile[], kind: GrantKind, name: string) {
  const rules = compileRules(grants, listCovering(grants, 'shop'), FACTS);
  return rules === undefined ? 'no access' : decideName(rules[kind], name);
}
const allows = (grants: GrantFile[], kind: GrantKind, name: string) => {
  const decision = decide(grants, kind, name);
  return decision !== 'no access' && decision.allowed;
};
const tools = (...names: string[]): GrantFile[] => [{ server: 'shop', tools: names }];

test.each([
  ['*', 'weather', true],
  ['*', 'mcpgw', false],
  ['mcpgw', 'mcpgw', true],
  ['team/*', 'team/x', true],
  ['team/*', 'team', false],
  ['team/*', 'teams/x', false],
  ['weather', 'weather2', false],
])('the pattern %s covers %s: %s', (pattern, path, covers) => {
  expect(coversPath(pattern, path)).toBe(covers);
});

test.each([
  [['get_*'], 'get_item', true],
  [['get_*'], 'forget_item', false],
  [['get_*'], 'Get_item', false],
  [['*_item'], 'get_item', true],
  [['get_*_all'], 'get_all', false],
  [['a*b*c'], 'axxbyyc', true],
  [['a*b*c'], 'acb', false],
  [['*', '!get_secret'], 'get_secret', false],
  [['*', '!get_secret'], 'GET_Secret', false],
  [['*', '!get_*'], 'list_items', true],
  [['*', '!*_secret'], 'get_secret', false],
  [['get_secret', '!get_*'], 'get_secret', false],
  [['annotation:readOnly'], 'list_items', true],
  [['annotation:readOnly'], 'drop_items', false],
  [['annotation:readOnly', '!get_*'], 'get_secret', false],
  [['tag:finance'], 'anything', true],
  [['tag:other', 'x'], 'anything', false],
  [['*', '!tag:finance'], 'anything', false],
  [['x'], 'constructor', false],
  [['x'], '__proto__', false],
  [['*', '!x'], 'constructor', true],
  [['a*'], 'a'.repeat(2_049), false],
])('tools %j: %s may be called: %s', (names, tool, allowed) => {
  expect(allows(tools(...names), 'tools', tool)).toBe(allowed);
});

test.each([
  [['docs://*'], 'docs://a/b', true],
  [['docs://*'], 'secret://a', false],
  [['file:///public/*'], 'file:///public/../secret', false],
  [['file:///public/*'], 'file:///public/%2e%2e/secret', false],
  [['file:///public/*'], 'file:///public/..%2fsecret', false],
  [['file:///public/*'], 'file:///public/..\\secret', false],
  [['file:///public/*'], 'file:///public/.. ', false],
  [['file:///public/*'], 'file:///public/..;x/secret', false],
  [['file:///public/*'], 'file:///public/a ..;b c', true],
  [['*', '!file:///secret/*'], ' file:///secret/a', false],
  [['file:///public/*'], 'file:///public/a..b', true],
  [['file:///public/*'], 'file:///public/caf%C3%A9%20x', false],
  [['file:///public/*'], 'file:///public/caf%C3%A9', true],
  [['*', '!file:///secret/*'], 'file:///secre%74/a', false],
  [['*', '!file:///secret/*'], 'FILE:///secret/a', false],
  [['*', '!file:///secret/*'], 'file:///x/../secret/a', false],
  [['*', '!file:///secret/*'], 'file:///open/a', true],
  [['*'], 'file:///x/../y', true],
  [['odd:///a/../b'], 'odd:///a/../b', true],
])('resources %j: %s may be used: %s', (uris, uri, allowed) => {
  expect(allows([{ server: 'shop', resources: uris }], 'resources', uri)).toBe(allowed);
});

describe('grants', () => {
  test('add up, and deny takes precedence in any order', () => {
    const one: GrantFile = { server: 'shop', tools: ['a'] };
    const all: GrantFile = { server: '*', tools: ['*'] };
    const deny: GrantFile = { server: 'shop', tools: ['a'], deny: true };
    expect(allows([one, { server: '*', tools: ['b'] }], 'tools', 'b')).toBe(true);
    for (const grants of [
      [one, deny, all],
      [deny, all, one],
    ]) {
      expect(allows(grants, 'tools', 'a')).toBe(false);
      expect(allows(grants, 'tools', 'b')).toBe(true);
    }
    expect(decide([all, deny], 'tools', 'a')).toEqual({
      allowed: false,
      match: { grant: 1, selector: 'a' },
      isUnclear: false,
    });
    expect(decide([one, all], 'tools', 'x')).toMatchObject({ allowed: true, match: { grant: 1, selector: '*' } });
  });

  test('only what is named is granted, and a server without any grant may not be called at all', () => {
    expect(allows(tools('*'), 'resources', 'x')).toBe(false);
    expect(decide(tools('x'), 'tools', 'y')).toEqual({ allowed: false, match: undefined, isUnclear: false });
    for (const grants of [
      [],
      [{ server: 'shop' }],
      [{ server: 'shop', tools: [] }],
      [{ server: 'other', tools: ['*'] }],
      [{ server: 'shop', tools: ['!a'] }],
      [
        { server: '*', tools: ['*'] },
        { server: 'shop', tools: ['*'], deny: true as const },
      ],
      [{ server: 'shop', tools: ['tag:other'] }],
    ])
      expect(decide(grants, 'tools', 'a'), JSON.stringify(grants)).toBe('no access');
  });

  test('everything is granted only where nothing is excluded', () => {
    const rules = compileRules([{ server: '*', tools: ['*', '!a'], prompts: ['*'] }], [0], FACTS);
    expect(rules && [isUnrestricted(rules.tools), isUnrestricted(rules.resources)]).toEqual([false, false]);
    expect(rules && isUnrestricted(rules.prompts)).toBe(true);
  });
});

test('a grant is in force until it expires, and within its hours of local time', () => {
  const grant = { server: '*' };
  const at = (iso: string) => Date.parse(iso);
  expect(isActive({ ...grant, expiresAt: 1_000 }, 999)).toBe(true);
  expect(isActive({ ...grant, expiresAt: 1_000 }, 1_000)).toBe(false);
  const offsets = [
    { from: 0, minutes: 60 },
    { from: at('2026-03-29T01:00:00Z') / 60_000, minutes: 120 },
  ];
  const day = { ...grant, hours: { days: [1, 5], from: 9 * 60, to: 17 * 60, offsets } };
  expect(isActive(day, at('2026-03-27T08:00:00Z'))).toBe(true);
  expect(isActive(day, at('2026-03-27T07:59:59Z'))).toBe(false);
  expect(isActive(day, at('2026-03-27T16:00:00Z'))).toBe(false);
  expect(isActive(day, at('2026-03-28T09:00:00Z'))).toBe(false);
  expect(isActive(day, at('2026-03-30T07:00:00Z'))).toBe(true);
  const night = { ...grant, hours: { days: [5], from: 22 * 60, to: 6 * 60, offsets: [] } };
  expect(isActive(night, at('2026-03-27T22:00:00Z'))).toBe(true);
  expect(isActive(night, at('2026-03-28T05:59:00Z'))).toBe(true);
  expect(isActive(night, at('2026-03-28T06:00:00Z'))).toBe(false);
  expect(isActive(night, at('2026-03-27T05:00:00Z'))).toBe(false);
  const whole = { ...grant, hours: { days: [7], from: 0, to: 0, offsets: [] } };
  expect(isActive(whole, at('2026-03-29T23:59:00Z'))).toBe(true);
  expect(isActive(whole, at('2026-03-30T00:00:00Z'))).toBe(false);
});
