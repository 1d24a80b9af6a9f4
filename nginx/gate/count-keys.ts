/** The text without its escapes, split at what are then true quotes: odd parts are strings, even ones what stands between them. */
export function splitAtQuotes(text: string): string[] {
  return (text.indexOf('\\') < 0 ? text : text.replace(/\\[\s\S]/g, '')).split('"');
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
export function countWrittenKeys(text: string): number {
  const parts = splitAtQuotes(text);
  let count = 0;
  for (let i = 2; i < parts.length; i += 2) if (beginsWithColon(parts[i] ?? '')) count += 1;
  return count;
}

/** How many members the objects and arrays of a JSON text have at most: commas outside strings, and one more for each bracket. */
export function countMembers(text: string): number {
  const parts = splitAtQuotes(text);
  let count = 0;
  for (let i = 0; i < parts.length; i += 2) {
    const part = parts[i] ?? '';
    if (part !== ',' && part !== ':') count += part.split(/[,[{]/).length - 1;
    else if (part === ',') count += 1;
  }
  return count;
}

/** How deeply a JSON text is nested, by its brackets. */
export function measureDepth(text: string): number {
  const parts = splitAtQuotes(text);
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < parts.length; i += 2) {
    const part = parts[i] ?? '';
    for (let at = 0; at < part.length; at += 1) {
      const code = part.charCodeAt(at);
      if (code === 91 || code === 123) {
        depth += 1;
        if (depth > deepest) deepest = depth;
      } else if (code === 93 || code === 125) depth -= 1;
    }
  }
  return deepest;
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
 * Whether some object of a JSON text has a key twice: more keys are written than were parsed. A quote before a colon is counted first; that
 * finds at least every key, so equal numbers prove that none is there twice. It may also find such signs inside strings: then the text is
 * split exactly.
 */
export function hasKeyTwice(text: string, parsed: unknown): boolean {
  const found = countParsedKeys(parsed);
  const signs = text.match(/"[ \t\r\n]*:/g);
  if ((signs === null ? 0 : signs.length) === found) return false;
  return countWrittenKeys(text) !== found;
}
