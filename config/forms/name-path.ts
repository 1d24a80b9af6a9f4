import { explainNewPath } from '@mcpgw/registry/contract';

/** A name of a client's file as the path of a server: `GitHub MCP` is `github-mcp`. Null: nothing of it could be one. */
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
  const other = `${path}-server`;
  return path !== '' && explainNewPath(other) === null ? other : null;
}
