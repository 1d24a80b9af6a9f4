/** Edits between two texts, at most `most` (Levenshtein). */
function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row[other.length] ?? most + 1;
}

/** The names most similar to the written one, closest first; at most three. */
export function suggest(written: string, names: readonly string[]): string[] {
  const lowerWritten = written.toLowerCase();
  const most = Math.max(2, Math.floor(lowerWritten.length / 3));
  return names
    .map((name) => {
      const lower = name.toLowerCase();
      const isPart = lower.includes(lowerWritten) || lowerWritten.includes(lower);
      return { name, edits: isPart ? 0 : distance(lowerWritten, lower, most) };
    })
    .filter(({ edits }) => edits <= most)
    .sort((one, other) => one.edits - other.edits)
    .slice(0, 3)
    .map(({ name }) => name);
}
