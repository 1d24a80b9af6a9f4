/** Whether a text matches a pattern in which each `*` matches any text, including none. Case-sensitive. */
export function matchesGlob(pattern: readonly string[], text: string): boolean {
  const first = pattern[0] ?? '';
  const last = pattern[pattern.length - 1] ?? '';
  if (pattern.length < 2) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (let i = 1; i < pattern.length - 1; i += 1) {
    const part = pattern[i] ?? '';
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}

/** A pattern in the form that `matchesGlob` expects: the texts between its stars. */
export function parseGlob(pattern: string): string[] {
  return pattern.split('*');
}

/** Whether a grant's server pattern covers a path: the path itself, `team/*`, or `*` for every server but the management server. */
export function coversPath(pattern: string, path: string): boolean {
  if (pattern === path) return true;
  if (pattern === '*') return path !== 'mcpgw';
  return pattern.endsWith('/*') && path.startsWith(pattern.slice(0, -1));
}
