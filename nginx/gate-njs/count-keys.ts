/** Whether a quote that follows this text is escaped: an odd number of backslashes stands before it. */
function escapesQuote(text: string): boolean {
  let at = text.length - 1;
  while (at >= 0 && text.charCodeAt(at) === 92) at -= 1;
  return (text.length - 1 - at) % 2 === 1;
}

/** What a machine can parse without others having to wait. */
export const MAX_MEMBERS = 200000;
/** A member has two strings at most, its key and its value. */
const MAX_STRINGS = 2 * MAX_MEMBERS;

/**
 * What stands outside the strings of a JSON text, piece by piece: the first before the first string, each other after one. It looks at each
 * quote once (to remove the escapes first would take njs minutes for a body full of them), and no further than there may be strings.
 */
export function splitAtStrings(text: string): string[] {
  const parts = text.split('"');
  const outside: string[] = [parts[0] ?? ''];
  let isInString = true;
  for (let i = 1; i < parts.length && outside.length <= MAX_STRINGS + 1; i += 1) {
    const part = parts[i] ?? '';
    if (!isInString) {
      outside.push(part);
      isInString = true;
    } else if (!escapesQuote(part)) isInString = false;
  }
  return outside;
}

function beginsWithColon(part: string): boolean {
  for (let i = 0; i < part.length; i += 1) {
    const code = part.charCodeAt(i);
    if (code === 58) return true;
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return false;
  }
  return false;
}

/** How many keys are written in a JSON text. */
function countWrittenKeys(text: string): number {
  const outside = splitAtStrings(text);
  let count = 0;
  for (let i = 1; i < outside.length; i += 1) if (beginsWithColon(outside[i] ?? '')) count += 1;
  return count;
}

/** Whether the objects and arrays of a JSON text have too many members: one for each comma and each bracket outside strings. */
export function hasTooManyMembers(text: string): boolean {
  if (text.length <= MAX_MEMBERS) return false;
  const outside = splitAtStrings(text);
  if (outside.length > MAX_STRINGS + 1) return true;
  let count = 0;
  for (let i = 0; i < outside.length && count <= MAX_MEMBERS; i += 1) {
    const piece = outside[i] ?? '';
    if (piece === ',') count += 1;
    else if (piece !== ':') count += piece.split(',').length + piece.split('[').length + piece.split('{').length - 3;
  }
  return count > MAX_MEMBERS;
}

/** Whether a JSON text is nested deeper than `limit`, by its brackets. */
export function isDeeperThan(text: string, limit: number): boolean {
  const outside = splitAtStrings(text);
  let depth = 0;
  for (let i = 0; i < outside.length; i += 1) {
    const piece = outside[i] ?? '';
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code === 91 || code === 123) {
        depth += 1;
        if (depth > limit) return true;
      } else if (code === 93 || code === 125) depth -= 1;
    }
  }
  return false;
}

/** How many keys the objects of a parsed value have, at any depth. */
export function countParsedKeys(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) {
      const item: unknown = value[i];
      if (item !== null && typeof item === 'object') count += countParsedKeys(item);
    }
    return count;
  }
  const object = value as Record<string, unknown>;
  const keys = Object.keys(object);
  count = keys.length;
  for (let i = 0; i < keys.length; i += 1) {
    const member = object[keys[i] ?? ''];
    if (member !== null && typeof member === 'object') count += countParsedKeys(member);
  }
  return count;
}

/**
 * Whether some object of a JSON text has a key twice: more keys are written than were parsed. What is counted first finds every key, and
 * perhaps signs inside strings that look like one; so equal numbers prove that none is there twice. Only else is the text taken apart.
 */
export function hasKeyTwice(text: string, parsed: unknown): boolean {
  const found = countParsedKeys(parsed);
  if (text.split(':').length - 1 === found) return false;
  if (!/"[ \t\r\n]+:/.test(text) && text.split('":').length - 1 === found) return false;
  return countWrittenKeys(text) !== found;
}
