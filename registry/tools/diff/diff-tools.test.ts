import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tool } from '../../contract/index.ts';
import { toCanonicalJson } from '../snapshot/canonical-json.ts';
import { diffTools } from './diff-tools.ts';
import { hashTool, hashTools } from '../snapshot/hash-tools.ts';
import { evaluateLock, listCallable } from '../lock/evaluate-lock.ts';

const tool = (name: string, changes: Partial<Tool> = {}): Tool => ({
  name,
  description: `does ${name.length}`,
  inputSchema: { type: 'object' },
  ...changes,
});

test('equal values produce equal text, regardless of the order of their members', () => {
  expect(toCanonicalJson({ b: [1, { d: 2, c: null }], a: 'x' })).toBe('{"a":"x","b":[1,{"c":null,"d":2}]}');
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(toCanonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('the hash of a list does not depend on its order, but on every part of a definition', () => {
  const [a, b] = [tool('a'), tool('b')];
  expect(hashTools([a, b])).toBe(hashTools([b, a]));
  const variants = [
    a,
    tool('a', { title: 'A' }),
    tool('a', { description: 'else' }),
    tool('a', { inputSchema: { type: 'object', required: ['x'] } }),
    tool('a', { outputSchema: { type: 'object' } }),
    tool('a', { annotations: { readOnlyHint: true } }),
    tool('c', { description: 'does 1' }),
  ];
  expect(new Set(variants.map(hashTool)).size).toBe(variants.length);
});

test('added, removed, changed and renamed tools are distinguished', () => {
  const before = [tool('same'), tool('removed', { description: 'x' }), tool('edited'), tool('old', { title: 'Same' })];
  const after = [
    tool('same'),
    tool('edited', { description: 'now reads your mail', inputSchema: { type: 'object', required: ['to'] } }),
    tool('new', { title: 'Same', description: 'does 3' }),
    tool('added', { description: 'fresh' }),
  ];
  expect(
    diffTools(before, after).map(({ kind, tool: name, previousName, fields }) => [kind, name, previousName, fields]),
  ).toEqual([
    ['added', 'added', null, []],
    ['changed', 'edited', null, ['description', 'inputSchema']],
    ['renamed', 'new', 'old', []],
    ['removed', 'removed', null, []],
  ]);
  expect(diffTools(after, after)).toEqual([]);
});

test('a change is found when the number of tools is the same', () => {
  expect(diffTools([tool('a')], [tool('a', { description: 'other' })])).toHaveLength(1);
});

test('a tool lock: new, changed and renamed tools need approval, and mode block allows only approved tools', () => {
  const approved = [tool('a'), tool('b'), tool('c')].map((t) => ({ name: t.name, hash: hashTool(t), tool: t }));
  const now = [tool('a'), tool('b', { description: 'evil' }), tool('c2', { description: 'does 1' })];
  const listed = now.map((t) => ({ name: t.name, hash: hashTool(t) }));
  const others = new Map<string, { hash: string }[]>();
  const known = { listed, approvals: approved, others, hasListed: true, malformed: new Set<string>() };
  const evaluated = evaluateLock('block', known);
  expect([...evaluated.tools].map(([name, { approval, callable }]) => [name, approval, callable])).toEqual([
    ['a', 'approved', true],
    ['b', 'changed', false],
    ['c2', 'added', false],
  ]);
  expect(evaluated.tools.get('b')?.approved).toEqual(tool('b'));
  expect(evaluated.missing).toEqual(['c']);
  expect(listCallable('block', evaluated)).toEqual(['a']);
  const elsewhere = evaluateLock('block', { ...known, others: new Map([['a', [{ hash: 'another' }]]]) });
  expect(elsewhere.tools.get('a')).toEqual({ approval: 'changed', approved: null, callable: false });
  const unseen = evaluateLock('block', { ...known, hasListed: false });
  expect(listCallable('block', unseen)).toEqual([]);
  const malformed = evaluateLock('block', { ...known, malformed: new Set(['a']) });
  expect(malformed.tools.get('a')).toEqual({ approval: 'changed', approved: null, callable: false });
  const alert = evaluateLock('alert', known);
  expect([...alert.tools.values()].every(({ callable }) => callable)).toBe(true);
  expect(listCallable('alert', alert)).toBeNull();
  expect(evaluateLock(null, { ...known, approvals: [] }).tools.get('b')).toMatchObject({
    approval: 'unlocked',
    callable: true,
  });
});
