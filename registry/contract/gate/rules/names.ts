const UPPER_A = 65;
const UPPER_Z = 90;

function hasUpperCase(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= UPPER_A && code <= UPPER_Z) return true;
  }
  return false;
}

/** A name with its ASCII letters in lower case: exclusions match by this form, since a server may ignore case. */
export function foldName(name: string): string {
  if (!hasUpperCase(name)) return name;
  let folded = '';
  for (let i = 0; i < name.length; i += 1) {
    const code = name.charCodeAt(i);
    folded += code >= UPPER_A && code <= UPPER_Z ? String.fromCharCode(code + 32) : name.charAt(i);
  }
  return folded;
}

const HEX = '0123456789abcdef';
const PERCENT = 37;
const BACKSLASH = 92;

function hexAt(text: string, at: number): number {
  const found = HEX.indexOf(text.charAt(at).toLowerCase());
  return text.charAt(at) === '' ? -1 : found;
}

/** Bytes that percent-encoding hides without need (RFC 3986 §2.3), or that change where a path ends: control characters, `/` and `\`. */
function isNeedlesslyEncoded(byte: number): boolean {
  const isLetter = (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
  const isDigit = byte >= 48 && byte <= 57;
  return byte <= 32 || isLetter || isDigit || [45, 46, 47, 92, 95, 126, 127].includes(byte);
}

/** Segments that change the path, with what may follow one. */
const DOTS = ['/./', '/../', '/.?', '/..?', '/.#', '/..#', '/.;', '/..;'];

/**
 * Whether a URI can be compared with a pattern: no `.` or `..` segment (nor one with parameters, RFC 3986 §3.3), no backslash, no space at either
 * end, which URL parsers remove (WHATWG URL §4.4), nothing percent-encoded that every server would decode (RFC 3986 §6.2.2). Otherwise
 * `file:///public/../secret` would match `file:///public/*`.
 */
export function isPlainUri(uri: string): boolean {
  for (let i = 0; i < uri.length; i += 1) {
    const code = uri.charCodeAt(i);
    if (code < 32 || code === 127 || code === BACKSLASH) return false;
    if (code !== PERCENT) continue;
    const high = hexAt(uri, i + 1);
    const low = hexAt(uri, i + 2);
    if (high < 0 || low < 0 || isNeedlesslyEncoded(high * 16 + low)) return false;
  }
  if (uri.startsWith(' ') || uri.endsWith(' ') || uri.endsWith('/.') || uri.endsWith('/..')) return false;
  for (const dots of DOTS) if (uri.includes(dots)) return false;
  return true;
}
