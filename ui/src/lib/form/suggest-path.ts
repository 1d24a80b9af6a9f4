import { explainNewPath } from '@mcpgw/registry/contract';

const GENERIC = new Set([
  'mcp',
  'sse',
  'api',
  'www',
  'localhost',
  'server',
  'mcp-server',
  'http',
  'https',
  'v1',
  'v2',
  'com',
  'net',
  'org',
  'io',
  'dev',
  'app',
  'local',
  'internal',
]);

/** Text as a path segment: lower case, words joined by "-". */
export function toSegment(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 60)
    .replace(/[^a-z0-9]+$/, '');
}

function fromServerName(name: string): string {
  const last = name.split('/').at(-1) ?? name;
  const trimmed = toSegment(last)
    .replace(/^(mcp[-_.]?(servers?[-_.]?)?)/, '')
    .replace(/([-_.]?mcp)?([-_.]?servers?)?([-_.]?mcp)?$/, '');
  return toSegment(trimmed) || toSegment(last);
}

function fromUrl(input: string): string {
  let url: URL;
  try {
    url = new URL(input);
  } catch {
    return '';
  }
  const words = url.pathname
    .split('/')
    .map(toSegment)
    .filter((word) => word !== '' && !GENERIC.has(word));
  if (words.length > 0) return words.at(-1) ?? '';
  if (/^[\d.]+$|^\[/.test(url.hostname)) return '';
  return (
    url.hostname
      .split('.')
      .map(toSegment)
      .find((word) => word !== '' && !GENERIC.has(word)) ?? ''
  );
}

/**
 * A path for a new server, from its reported name or else its URL, with a number if it is taken. Empty if neither is usable.
 */
export function suggestPath(url: string, serverName: string | null, taken: ReadonlySet<string>): string {
  const base = (serverName === null ? '' : fromServerName(serverName)) || fromUrl(url);
  if (base === '') return '';
  // A server may be named "docs" or "all", which are reserved.
  const path = GENERIC.has(base) || explainNewPath(base) !== null ? `${base}-server` : base;
  if (!taken.has(path)) return path;
  let number = 2;
  while (taken.has(`${path}-${number}`)) number += 1;
  return `${path}-${number}`;
}
