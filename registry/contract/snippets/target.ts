/** The subject of a snippet: the server's path, the public URL of its endpoint, and the protocol that it speaks there. */
export interface SnippetTarget {
  path: string;
  url: string;
  era?: 'legacy' | 'modern' | null;
  /** `sse`: it has no Streamable HTTP endpoint. */
  transport?: 'streamable-http' | 'sse';
}

/** Writes one snippet for several servers that are used with one key; null: the client's own placeholder for it. */
export type WriteSnippet = (targets: readonly SnippetTarget[], key: string | null) => string;

/** Placeholder for the key in clients that do not substitute variables. */
export const YOUR_KEY = 'YOUR_KEY';

export const isSse = ({ transport }: SnippetTarget): boolean => transport === 'sse';

/** The transport that snippets use for a server, by its endpoints: SSE only if it has nothing else. */
export function snippetTransport(endpoints: { mcp: boolean; sse: boolean }): 'streamable-http' | 'sse' {
  return endpoints.sse && !endpoints.mcp ? 'sse' : 'streamable-http';
}

/** The name that a client gives the server: its path with all but letters, digits, "_" and "-" replaced by "-" (what Claude Code accepts). */
export function clientName(path: string): string {
  return path.replace(/[^A-Za-z0-9_-]+/g, '-');
}

export const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

/** An object with one member for each server, by the name that clients give it. */
export function byName<Value>(
  targets: readonly SnippetTarget[],
  write: (target: SnippetTarget) => Value,
): Record<string, Value> {
  return Object.fromEntries(targets.map((target) => [clientName(target.path), write(target)]));
}

/** The header with the key, or with the placeholder that the client replaces by it. */
export const authorization = (key: string | null, placeholder: string): { Authorization: string } => ({
  Authorization: `Bearer ${key ?? placeholder}`,
});

/** A word quoted for a POSIX shell, regardless of its content. */
export function quoteShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The same header for a POSIX shell: double quotes where the environment variable is meant to be filled in. */
export function shellHeader(key: string | null): string {
  if (key === null) return '"Authorization: Bearer $MCPGW_KEY"';
  return quoteShell(`Authorization: Bearer ${key}`);
}

/** The command by which a client that only starts local servers reaches a remote one (npmjs.com/package/mcp-remote). */
export function mcpRemote(target: SnippetTarget, key: string | null) {
  const open = target.url.startsWith('http://') ? ['--allow-http'] : [];
  const transport = ['--transport', isSse(target) ? 'sse-only' : 'http-only'];
  // Some clients split arguments at spaces, so the value comes from the environment.
  const args = ['-y', 'mcp-remote', target.url, ...open, ...transport, '--header', 'Authorization:${AUTH}'];
  return { command: 'npx', args, env: { AUTH: `Bearer ${key ?? YOUR_KEY}` } };
}
