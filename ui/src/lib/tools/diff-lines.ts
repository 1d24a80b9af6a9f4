export interface DiffLine {
  kind: 'same' | 'out' | 'in';
  text: string;
}
const MOST_LINES = 1_500;

/** Which lines went and which came, by the longest common subsequence; very long texts are shown as replaced. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before === '' ? [] : before.split('\n');
  const b = after === '' ? [] : after.split('\n');
  const out = a.map((text): DiffLine => ({ kind: 'out', text }));
  const into = b.map((text): DiffLine => ({ kind: 'in', text }));
  if (a.length > MOST_LINES || b.length > MOST_LINES) return [...out, ...into];
  const width = b.length + 1;
  // lengths[i * width + j]: how long the common subsequence of a from i and b from j is.
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) lines.push({ kind: 'out', text: a[i++] ?? '' });
    else lines.push({ kind: 'in', text: b[j++] ?? '' });
  }
  return [...lines, ...out.slice(i), ...into.slice(j)];
}
