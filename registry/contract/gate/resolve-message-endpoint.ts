/** The address at which a legacy SSE server accepts messages, below its own origin. */
export interface MessageEndpoint {
  /** Begins with "/". */
  path: string;
  /** Without "?"; empty: none. */
  query: string;
}

/** RFC 3986 `pchar`, "/" and "[" "]", without characters that `new URL()` of a client would change: such a URL would not be sent back as it was signed. */
const SIGNS = '-._~%!$&()*+,;=:@/[]';

function isLetter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function isSendable(text: string, more: string): boolean {
  for (let i = 0; i < text.length; i += 1)
    if (!isLetter(text.charCodeAt(i)) && !SIGNS.includes(text.charAt(i)) && text.charAt(i) !== more) return false;
  return true;
}

function isHttpUrl(written: string): boolean {
  const start = written.slice(0, 8).toLowerCase();
  return start === 'https://' || start.startsWith('http://');
}

/** The path without its "." and ".." segments (RFC 3986 §5.2.4). Undefined where one is percent-encoded: clients resolve those differently. */
function removeDots(path: string): string | undefined {
  const kept: string[] = [];
  const segments = path.split('/');
  for (let i = 1; i < segments.length; i += 1) {
    const segment = segments[i] ?? '';
    const isLast = i === segments.length - 1;
    const lowered = segment.toLowerCase();
    if (lowered.includes('%2e') && lowered.length <= 6) return undefined;
    if (segment === '..') kept.pop();
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else if (isLast) kept.push('');
  }
  return `/${kept.join('/')}`;
}

/**
 * Resolves the data of an `endpoint` event (SSE transport of MCP 2024-11-05): a reference in any form of RFC 3986, relative to the path of the
 * stream. Of an absolute URL only path and query count, since messages are only sent to the registered origin. Undefined for any other text. The
 * gate uses it to rewrite events and the probe to follow them, so that both agree.
 */
export function resolveMessageEndpoint(written: string, streamPath: string): MessageEndpoint | undefined {
  let reference = written.trim();
  const isAbsolute = isHttpUrl(reference) || reference.startsWith('//');
  if (isAbsolute) {
    reference = reference.slice(reference.indexOf('//'));
    // Clients read any number of slashes there as two.
    while (reference.startsWith('/')) reference = reference.slice(1);
    const slash = reference.indexOf('/');
    const mark = reference.indexOf('?');
    const end = slash >= 0 && (mark < 0 || slash < mark) ? slash : mark;
    const rest = end < 0 ? '' : reference.slice(end);
    reference = rest.startsWith('/') ? rest : `/${rest}`;
  }
  const mark = reference.indexOf('?');
  const before = mark < 0 ? reference : reference.slice(0, mark);
  const query = mark < 0 ? '' : reference.slice(mark + 1);
  if (reference === '' || !isSendable(before, '/') || !isSendable(query, '?')) return undefined;
  if (before === '') return { path: streamPath, query };
  if (before.startsWith('/')) {
    const path = removeDots(before);
    return path === undefined ? undefined : { path, query };
  }
  // "javascript:…" and the like are references too.
  if ((before.split('/')[0] ?? '').includes(':')) return undefined;
  let folder = streamPath;
  while (!folder.endsWith('/')) folder = folder.slice(0, -1);
  const path = removeDots(folder + before);
  return path === undefined ? undefined : { path, query };
}
