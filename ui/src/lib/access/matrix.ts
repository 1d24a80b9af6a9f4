import {
  compileRules,
  decideName,
  isUnrestricted,
  listCovering,
  type Grant,
  type GrantFile,
  type Rules,
} from '@mcpgw/registry/contract';

/** What rules must know of a server to be shown. */
export interface MatrixServer {
  path: string;
  tags: readonly string[];
  /** Names of the tools that it lists as read-only; unknown ones are not granted by annotation. */
  readOnly?: readonly string[];
}

export type Level = 'all' | 'some' | 'none';
export interface Cell {
  level: Level;
  /** Some of the grants hold at certain hours only. */
  isTimed: boolean;
}

/** The rules of grants for a server, as the gate has them, at any hour of the week; undefined: nothing is allowed. */
function rulesFor(
  grants: readonly Grant[],
  server: MatrixServer,
  nowMs: number,
): { rules: Rules | undefined; isTimed: boolean } {
  const files = grants.map(({ server: pattern, tools, resources, prompts, effect, expiresAt }): GrantFile => ({
    ...{ server: pattern, tools, resources, prompts },
    ...(effect === 'deny' && { deny: true as const }),
    ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
  }));
  const positions = listCovering(files, server.path).filter((at) => (files[at]?.expiresAt ?? Infinity) > nowMs);
  const facts = { tags: server.tags, readOnly: server.readOnly ?? [] };
  return {
    rules: compileRules(files, positions, facts),
    isTimed: positions.some((at) => grants[at]?.hours !== undefined),
  };
}

/** How much of a server these grants allow. */
export function judgeServer(grants: readonly Grant[], server: MatrixServer, nowMs: number): Cell {
  const { rules, isTimed } = rulesFor(grants, server, nowMs);
  if (rules === undefined) return { level: 'none', isTimed };
  const isAll = [rules.tools, rules.resources, rules.prompts].every((kind) => isUnrestricted(kind));
  return { level: isAll ? 'all' : 'some', isTimed };
}

/** Which of these tools of a server the grants allow. */
export function judgeTools(
  grants: readonly Grant[],
  server: MatrixServer,
  tools: readonly string[],
  nowMs: number,
): Cell[] {
  const { rules, isTimed } = rulesFor(grants, server, nowMs);
  return tools.map((tool) => ({
    level: rules !== undefined && decideName(rules.tools, tool).allowed ? 'all' : 'none',
    isTimed,
  }));
}
