import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffRenderings } from './diff.ts';

/** Applies a unified diff as patch(1) would. */
function apply(before: string, diff: string): string {
  const old = before === '' ? [] : before.slice(0, -1).split('\n');
  const result: string[] = [];
  let at = 0;
  for (const line of diff.split('\n').slice(2, -1)) {
    const hunk = /^@@ -(\d+),(\d+) \+\d+,\d+ @@$/.exec(line);
    if (hunk !== null) {
      const from = Number(hunk[1]) - (hunk[2] === '0' ? 0 : 1);
      while (at < from) result.push(old[at++] ?? '');
    } else if (line.startsWith('+')) result.push(line.slice(1));
    else {
      expect(old[at]).toBe(line.slice(1));
      if (line.startsWith(' ')) result.push(line.slice(1));
      at += 1;
    }
  }
  result.push(...old.slice(at));
  return result.length === 0 ? '' : `${result.join('\n')}\n`;
}

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', '', 'listen 80;'), { maxLength: 30 })
  .map((lines) => (lines.length === 0 ? '' : `${lines.join('\n')}\n`));

describe('diffRenderings', () => {
  it('returns a diff that turns any text into any other', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [file] = diffRenderings({ f: before }, { f: after });
        if (before === after) expect(file).toBeUndefined();
        else expect(apply(before, file?.diff ?? '')).toBe(after);
      }),
      { numRuns: 2_000 },
    );
  });

  it('shows three lines of context around a change, and nothing else', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const after = lines.map((line) => (line === 'line 20' ? 'changed' : line));
    expect(
      diffRenderings({ 'nginx.conf': `${lines.join('\n')}\n` }, { 'nginx.conf': `${after.join('\n')}\n` }),
    ).toEqual([
      {
        name: 'nginx.conf',
        diff: [
          '--- a/nginx.conf',
          '+++ b/nginx.conf',
          '@@ -18,7 +18,7 @@',
          ' line 17',
          ' line 18',
          ' line 19',
          '-line 20',
          '+changed',
          ' line 21',
          ' line 22',
          ' line 23',
          '',
        ].join('\n'),
      },
    ]);
  });

  it('names added and removed files', () => {
    const [removed, added] = diffRenderings({ a: 'x\n' }, { b: 'y\n' });
    expect(removed?.diff).toBe('--- a/a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n');
    expect(added?.diff).toBe('--- /dev/null\n+++ b/b\n@@ -0,0 +1,1 @@\n+y\n');
  });

  it('shows the differing part of a large file as replaced, with three lines of context', () => {
    const lines = (from: number, to: number, sign = '') =>
      Array.from({ length: to - from }, (_, index) => `${sign}line ${from + index}`);
    const before = [...lines(0, 10), ...lines(10, 4_000, 'old '), ...lines(4_000, 4_010)];
    const after = [...lines(0, 10), ...lines(10, 3_000, 'new '), ...lines(4_000, 4_010)];
    const text = (all: string[]) => `${all.join('\n')}\n`;
    const [file] = diffRenderings({ f: text(before) }, { f: text(after) });
    expect(apply(text(before), file?.diff ?? '')).toBe(text(after));
    expect(file?.diff.split('\n').slice(0, 6)).toEqual([
      '--- a/f',
      '+++ b/f',
      '@@ -8,3996 +8,2996 @@',
      ' line 7',
      ' line 8',
      ' line 9',
    ]);
  });

  it('is fast for files that differ completely', () => {
    const many = (word: string) => `${Array.from({ length: 50_000 }, (_, i) => `${word} ${i}`).join('\n')}\n`;
    expect(diffRenderings({ f: many('a') }, { f: many('b') })[0]?.diff.split('\n')).toHaveLength(100_004);
  });
});
