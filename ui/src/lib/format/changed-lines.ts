import { diffLines as compareLines } from 'diff';

export interface ChangedLine {
  /** A hunk line states the position of the following lines in the file. */
  kind: 'same' | 'removed' | 'added' | 'hunk';
  text: string;
}
/** Bounds the search, whose cost grows with the number of differences; beyond it the text is shown as replaced. */
const MAX_EDIT_LENGTH = 1_000;

const splitLines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** The lines of both texts, marked as unchanged, removed or added. */
export function diffLines(before: string, after: string): ChangedLine[] {
  // A final newline keeps the last lines comparable.
  const end = (text: string): string => (text === '' ? '' : `${text}\n`);
  const changes = compareLines(end(before), end(after), { maxEditLength: MAX_EDIT_LENGTH });
  if (changes === undefined)
    return [
      ...splitLines(end(before)).map((text): ChangedLine => ({ kind: 'removed', text })),
      ...splitLines(end(after)).map((text): ChangedLine => ({ kind: 'added', text })),
    ];
  return changes.flatMap(({ value, added, removed }) => {
    const kind = added ? 'added' : removed ? 'removed' : 'same';
    return splitLines(value).map((text): ChangedLine => ({ kind, text }));
  });
}

const KINDS: Partial<Record<string, ChangedLine['kind']>> = { '+': 'added', '-': 'removed', '@': 'hunk' };

/** The lines of a unified diff of one file, without its header lines. */
export function parsePatch(patch: string): ChangedLine[] {
  return splitLines(patch)
    .filter((line) => !/^(---|\+\+\+|===+) ?/.test(line))
    .map((line) => {
      const kind = KINDS[line.charAt(0)] ?? 'same';
      return { kind, text: kind === 'hunk' ? line : line.slice(1) };
    });
}
