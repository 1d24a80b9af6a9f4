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

/** Text as a segment of a path: lower case, words joined by "-". */
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
  const bare = toSegment(last)
    .replace(/^(mcp[-_.]?(servers?[-_.]?)?)/, '')
    .replace(/([-_.]?mcp)?([-_.]?servers?)?([-_.]?mcp)?$/, '');
  return toSegment(bare) || toSegment(last);
}

function fromUrl(written: string): string {
  let url: URL;
  try {
    url = new URL(written);
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
 * A path for a server that is about to be registered: from the name it gives itself, else from its URL, with a number where it is taken.
 * Empty where nothing speaks for one.
 */
export function suggestPath(url: string, serverName: string | null, taken: ReadonlySet<string>): string {
  const base = (serverName === null ? '' : fromServerName(serverName)) || fromUrl(url);
  if (base === '') return '';
  // A server may well call itself "docs" or "all", which are not to be had.
  const wanted = GENERIC.has(base) || explainNewPath(base) !== null ? `${base}-server` : base;
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}-${number}`)) number += 1;
  return `${wanted}-${number}`;
}
