import type { SearchableTool } from './tool-index.ts';

/** What of a server its tools are found by. */
export interface SearchableServer {
  path: string;
  name: string;
  tags: readonly string[];
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** The texts of a listed tool that are searched, wherever that is done. */
export function describeTool(
  { path, name, tags }: SearchableServer,
  tool: { name: string; [member: string]: unknown },
): SearchableTool {
  const { properties } = (tool['inputSchema'] ?? {}) as { properties?: unknown };
  const parameters = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  return {
    name: tool.name,
    title: text(tool['title']),
    description: text(tool['description']),
    parameters: parameters.join(' '),
    server: `${path} ${name}`,
    tags: tags.join(' '),
  };
}
