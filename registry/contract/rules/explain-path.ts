// No zod here, so that the UI and the gate can include these rules without it.

/** First segments that the gateway itself serves, so no server may be registered there (docs/architecture.md). */
export const RESERVED_FIRST_SEGMENTS: readonly string[] = [
  '-',
  '.well-known',
  'api',
  'assets',
  'docs',
  'execute',
  'favicon.ico',
  'health',
  'healthz',
  'login',
  'logout',
  'mcp',
  'metrics',
  'oauth',
  'openapi.json',
  'readyz',
  'register',
  'registry',
  'robots.txt',
  'sessions',
  'sse',
  'toggle',
  'ui',
  'v0.1',
  'ws',
];

/** Segments that end a server's path in a URL of the gateway, so no path may contain them. */
export const RESERVED_SEGMENTS: readonly string[] = ['mcp', 'sse', 'server-card'];

/** The path of the built-in management server; only the registry itself registers it. */
export const MANAGEMENT_PATH = 'mcpgw';

/** Host in the URL of the management server. It is never resolved: NGINX and the registry reach that server at a unix socket. */
export const MANAGEMENT_HOST = 'mcpgw-server.localhost';

/** The path that means every server in the tools of mcpgw-server (`/all`), so a server there could not be selected alone. */
export const EVERY_SERVER = 'all';

const SEGMENT = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/;
const MAX_LENGTH = 120;
const MAX_SEGMENTS = 4;

/**
 * Returns what is wrong with a server path, or null when it may be used.
 * The rules: 1 to 4 segments, lower case, no reserved word.
 */
export function explainPath(path: string): string | null {
  const segments = path.split('/');
  if (path === '') return 'the path is empty; give one like "weather" or "team/search"';
  if (path.length > MAX_LENGTH) return `the path has ${path.length} characters; at most ${MAX_LENGTH} are allowed`;
  if (segments.length > MAX_SEGMENTS)
    return `the path has ${segments.length} segments; at most ${MAX_SEGMENTS} are allowed`;
  const bad = segments.find((segment) => !SEGMENT.test(segment));
  if (bad !== undefined)
    return `the segment ${JSON.stringify(bad)} is not allowed; use lower-case letters, digits, "." "_" "-", beginning and ending with a letter or digit`;
  if (RESERVED_FIRST_SEGMENTS.includes(segments[0] ?? ''))
    return `a path may not begin with "${segments[0]}": the gateway serves that address itself`;
  const ending = segments.find((segment) => RESERVED_SEGMENTS.includes(segment));
  if (ending !== undefined) return `"${ending}" may not be a segment: it names an endpoint below a server's path`;
  return null;
}

/**
 * Returns what is wrong with the path of a server that is about to be registered, or null when it may be.
 * Stricter than `explainPath`, which also checks the paths of servers that were registered before a rule was added.
 */
export function explainNewPath(path: string): string | null {
  if (path === EVERY_SERVER)
    return `"${EVERY_SERVER}" may not be a server's path: the tools of "${MANAGEMENT_PATH}" take "/${EVERY_SERVER}" for every server; choose another one, like "team/${EVERY_SERVER}"`;
  return explainPath(path);
}
