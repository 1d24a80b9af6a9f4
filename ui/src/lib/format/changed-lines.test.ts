import { describe, expect, it } from 'vitest';
import { diffLines, parsePatch } from './changed-lines.ts';

const marks = (before: string, after: string) =>
  diffLines(before, after).map(
    ({ kind, text }) => `${{ same: ' ', removed: '-', added: '+', hunk: '@' }[kind]}${text}`,
  );

describe('diffLines', () => {
  it('marks unchanged, removed and added lines', () => {
    expect(marks('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c']);
    expect(marks('a', 'a\nb')).toEqual([' a', '+b']);
    expect(marks('', 'a')).toEqual(['+a']);
    expect(marks('a', '')).toEqual(['-a']);
    expect(marks('a\n\nb', 'a\nb')).toEqual([' a', '-', ' b']);
  });
  it('contains both texts completely', () => {
    const before = 'one\ntwo\nthree\nfour';
    const after = 'zero\ntwo\nfour\nfive';
    const lines = diffLines(before, after);
    const without = (kind: string) =>
      lines
        .filter((line) => line.kind !== kind)
        .map(({ text }) => text)
        .join('\n');
    expect(without('added')).toBe(before);
    expect(without('removed')).toBe(after);
  });
  it('is bounded for long texts without a common line', () => {
    const text = (prefix: string) => Array.from({ length: 3_000 }, (_, index) => `${prefix}${index}`).join('\n');
    const lines = diffLines(text('a'), text('b'));
    expect(lines.map(({ kind }) => kind)).toEqual([
      ...Array<string>(3_000).fill('removed'),
      ...Array<string>(3_000).fill('added'),
    ]);
  });
});

it('reads a unified diff', () => {
  expect(parsePatch('--- a\n+++ b\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n')).toEqual([
    { kind: 'hunk', text: '@@ -1,2 +1,2 @@' },
    { kind: 'same', text: 'same' },
    { kind: 'removed', text: 'old' },
    { kind: 'added', text: 'new' },
  ]);
});
