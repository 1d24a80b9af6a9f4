import type { ListedTool, View } from './visible.ts';

export interface Match {
  server: string;
  tool: ListedTool;
}

/** The tools that fit a query best. */
export function searchTools(view: View, query: string, limit: number): Match[] {
  const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const found = view.servers.flatMap(({ server, tools }) =>
    (tools ?? []).map((tool) => {
      const name = tool.name.toLowerCase();
      const all =
        `${name} ${JSON.stringify(tool['description'] ?? '')} ${server.path} ${server.tags.join(' ')}`.toLowerCase();
      const score = words.reduce((sum, word) => sum + (name.includes(word) ? 3 : all.includes(word) ? 1 : 0), 0);
      return { server: server.path, tool, score };
    }),
  );
  return found
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, limit);
}
