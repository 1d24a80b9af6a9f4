import type { Tool, ToolChange } from '../../contract/index.ts';
import { toCanonicalJson } from '../snapshot/canonical-json.ts';
import { hashBody, hashTool } from '../snapshot/hash-tools.ts';

export type ToolDifference = Pick<ToolChange, 'kind' | 'tool' | 'previousName' | 'fields' | 'before' | 'after'>;

const FIELDS = ['title', 'description', 'inputSchema', 'outputSchema', 'annotations'] as const;

/** Which parts of two definitions differ. */
export function listChangedFields(before: Tool, after: Tool): ToolChange['fields'] {
  return FIELDS.filter((field) => toCanonicalJson(before[field] ?? null) !== toCanonicalJson(after[field] ?? null));
}

/**
 * What changed between two lists of tools: added, removed, changed in place, or renamed (one removed and one added with identical content).
 * Sorted by name.
 */
export function diffTools(before: readonly Tool[], after: readonly Tool[]): ToolDifference[] {
  const old = new Map(before.map((tool) => [tool.name, tool]));
  const now = new Map(after.map((tool) => [tool.name, tool]));
  const gone = new Map(before.filter(({ name }) => !now.has(name)).map((tool) => [hashBody(tool), tool]));
  const changes: ToolDifference[] = [];
  const renamed = new Set<string>();

  for (const tool of after) {
    const previous = old.get(tool.name);
    if (previous !== undefined) {
      if (hashTool(previous) === hashTool(tool)) continue;
      const fields = listChangedFields(previous, tool);
      changes.push({ kind: 'changed', tool: tool.name, previousName: null, fields, before: previous, after: tool });
      continue;
    }
    const source = gone.get(hashBody(tool));
    if (source === undefined || renamed.has(source.name)) {
      changes.push({ kind: 'added', tool: tool.name, previousName: null, fields: [], before: null, after: tool });
      continue;
    }
    renamed.add(source.name);
    changes.push({
      kind: 'renamed',
      tool: tool.name,
      previousName: source.name,
      fields: [],
      before: source,
      after: tool,
    });
  }
  for (const tool of before)
    if (!now.has(tool.name) && !renamed.has(tool.name))
      changes.push({ kind: 'removed', tool: tool.name, previousName: null, fields: [], before: tool, after: null });
  return changes.sort((a, b) => (a.tool < b.tool ? -1 : 1));
}
