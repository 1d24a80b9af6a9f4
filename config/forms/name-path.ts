import { explainNewPath } from '@mcpgw/registry/contract';

/** Converts a server name of a client's file to a server path: `GitHub MCP` to `github-mcp`. Null: it cannot be one. */
export function toServerPath(name: string): string | null {
  if (explainNewPath(name) === null) return name;
  const path = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._/-]+/g, '-')
    .split('/')
    .map((segment) => segment.replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, ''))
    .filter((segment) => segment !== '')
    .slice(-4)
    .join('/')
    .slice(0, 120);
  if (explainNewPath(path) === null) return path;
  const fallback = `${path}-server`;
  return path !== '' && explainNewPath(fallback) === null ? fallback : null;
}
