import { diffLines as compareLines } from 'diff';

export interface DiffLine {
  kind: 'same' | 'removed' | 'added';
  text: string;
}
/** Bounds the search, whose cost grows with the number of differences; beyond it the text is shown as replaced. */
const MAX_EDIT_LENGTH = 1_000;

const splitLines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** The lines of both texts, marked as unchanged, removed or added. */
export function diffLines(before: string, after: string): DiffLine[] {
  // A final newline keeps the last lines comparable.
  const end = (text: string): string => (text === '' ? '' : `${text}\n`);
  const changes = compareLines(end(before), end(after), { maxEditLength: MAX_EDIT_LENGTH });
  if (changes === undefined)
    return [
      ...splitLines(end(before)).map((text): DiffLine => ({ kind: 'removed', text })),
      ...splitLines(end(after)).map((text): DiffLine => ({ kind: 'added', text })),
    ];
  return changes.flatMap(({ value, added, removed }) => {
    const kind = added ? 'added' : removed ? 'removed' : 'same';
    return splitLines(value).map((text): DiffLine => ({ kind, text }));
  });
}
