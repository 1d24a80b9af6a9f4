const MAX_NAME = 128;
const MAX_NAMES = 64;

function quote(name: string): string {
  if (name === 'tools/call') return '"tools/call"';
  return JSON.stringify(name.length > MAX_NAME ? name.slice(0, MAX_NAME) : name);
}

/** Names that a client wrote as a JSON array for the log (registry/contract/call-log.ts): each cut, and no more than a few. */
export function quoteNames(names: string[]): string {
  let text = '[' + (names.length > 0 ? quote(names[0] ?? '') : '');
  for (let i = 1; i < names.length && i < MAX_NAMES; i += 1) text += ',' + quote(names[i] ?? '');
  return text + ']';
}
