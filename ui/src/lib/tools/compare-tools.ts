import type { Tool } from '@mcpgw/registry/contract';
import { diffWordsWithSpace } from 'diff';
import { listParameters } from './list-parameters.ts';

export interface TextPart {
  kind: 'same' | 'removed' | 'added';
  text: string;
}
export interface ToolComparison {
  /** Null: the description is the same. */
  description: TextPart[] | null;
  added: string[];
  removed: string[];
  /** Parameters that are required now, and were optional or missing before. */
  newlyRequired: string[];
  /** Parameters of another type than before. */
  retyped: string[];
}

/** Bounds the search, whose cost grows with the number of differences; beyond it the text is shown as replaced. */
const MAX_EDIT_LENGTH = 2_000;

function compareTexts(before: string, after: string): TextPart[] | null {
  if (before === after) return null;
  const parts = diffWordsWithSpace(before, after, { maxEditLength: MAX_EDIT_LENGTH });
  if (parts === undefined)
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ];
  return parts.map(({ value, added, removed }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }));
}

/** What differs between two definitions of a tool, as far as it affects callers. */
export function compareTools(before: Tool, after: Tool): ToolComparison {
  const old = new Map(listParameters(before).map((parameter) => [parameter.name, parameter]));
  const now = listParameters(after);
  const names = new Set(now.map(({ name }) => name));
  return {
    description: compareTexts(before.description ?? '', after.description ?? ''),
    added: now.filter(({ name }) => !old.has(name)).map(({ name }) => name),
    removed: [...old.keys()].filter((name) => !names.has(name)),
    newlyRequired: now
      .filter(({ name, required }) => required && old.get(name)?.required !== true)
      .map(({ name }) => name),
    retyped: now
      .filter(({ name, type }) => old.has(name) && old.get(name)?.type !== type)
      .map(({ name, type }) => `${name}: ${old.get(name)?.type ?? ''} → ${type}`),
  };
}
