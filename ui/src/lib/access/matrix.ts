import { decideName, isUnrestricted } from '@mcpgw/registry/contract';
import { createRules, type RuledServer, type StoredGrant } from './grant-rules.ts';

/** The properties of a server that the matrix needs. */
export interface MatrixServer extends Omit<RuledServer, 'readOnly'> {
  /** Names of the tools that it lists as read-only; unknown ones are not granted by annotation. */
  readOnly?: readonly string[];
}

export type Level = 'all' | 'some' | 'none';
export interface Cell {
  level: Level;
  /** Some of the grants apply at certain hours only. */
  isTimed: boolean;
}

const complete = ({ readOnly = [], ...server }: MatrixServer): RuledServer => ({
  ...server,
  readOnly: Object.fromEntries(readOnly.map((name) => [name, true])),
});

/** How much of a server these grants allow. */
export function judgeServer(grants: readonly StoredGrant[], server: MatrixServer, nowMs: number): Cell {
  const { rules, isTimed } = createRules(grants, nowMs)(complete(server));
  if (rules === undefined) return { level: 'none', isTimed };
  const isAll = [rules.tools, rules.resources, rules.prompts].every((kind) => isUnrestricted(kind));
  return { level: isAll ? 'all' : 'some', isTimed };
}

/** Which of these tools of a server the grants allow. */
export function judgeTools(
  grants: readonly StoredGrant[],
  server: MatrixServer,
  tools: readonly string[],
  nowMs: number,
): Cell[] {
  const { rules, isTimed } = createRules(grants, nowMs)(complete(server));
  return tools.map((tool) => ({
    level: rules !== undefined && decideName(rules.tools, tool).allowed ? 'all' : 'none',
    isTimed,
  }));
}
