import { describe, expect, it } from 'vitest';
import { diffLines } from './diff-lines.ts';

const marks = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', out: '-', in: '+' }[kind]}${text}`);

describe('diffLines', () => {
  it('keeps what is common and marks the rest', () => {
    expect(marks('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c']);
    expect(marks('a', 'a\nb')).toEqual([' a', '+b']);
    expect(marks('', 'a')).toEqual(['+a']);
    expect(marks('a', '')).toEqual(['-a']);
  });
  it('gives back both texts', () => {
    const before = 'one\ntwo\nthree\nfour';
    const after = 'zero\ntwo\nfour\nfive';
    const lines = diffLines(before, after);
    const text = (not: string) =>
      lines
        .filter(({ kind }) => kind !== not)
        .map((line) => line.text)
        .join('\n');
    expect(text('in')).toBe(before);
    expect(text('out')).toBe(after);
  });
});
