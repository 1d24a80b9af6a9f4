import {
  compileRules,
  decideName,
  isActive,
  kindOf,
  listCovering,
  type AgentView,
  type Grant,
  type GrantFile,
  type GroupView,
  type ServerView,
  type ToolHit,
} from '@mcpgw/registry/contract';

export interface Callers {
  names: string[];
  /** Some of them only at certain hours. */
  timed: boolean;
}

type StoredGrant = Pick<Grant, 'server' | 'tools' | 'resources' | 'prompts'> &
  Partial<Pick<Grant, 'effect' | 'hours' | 'expiresAt'>>;

/** A grant as the rules read it. Hours are left out: what holds at some hour of the week counts here. */
function toRule({ server, tools, resources, prompts, effect, expiresAt }: StoredGrant): GrantFile {
  return {
    ...{ server, tools, resources, prompts },
    ...(effect === 'deny' && { deny: true as const }),
    ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
  };
}

/** Returns a function that lists which agents may call a tool by their grants and those of their groups, with the rules of the gate. */
export function createCallers(
  agents: readonly AgentView[],
  groups: readonly GroupView[],
  nowMs: number,
): (hit: ToolHit, server: ServerView | undefined) => Callers {
  const grantsOf = (agent: AgentView): StoredGrant[] => [
    ...agent.grants,
    ...groups.filter(({ agents: names }) => names.includes(agent.name)).flatMap((group) => group.grants),
  ];
  const enabled = agents
    .filter(({ enabled: on, expiresAt }) => on && (expiresAt === null || Date.parse(expiresAt) > nowMs))
    .map((agent) => {
      // A denial that holds at some hours only does not shut anybody out for good.
      const grants = grantsOf(agent).filter(({ effect, hours }) => effect !== 'deny' || hours === undefined);
      return {
        name: agent.name,
        rules: grants.map(toRule),
        timed: grantsOf(agent).some(({ hours }) => hours !== undefined),
      };
    });
  return (hit, server) => {
    const facts = { tags: server?.tags ?? [], readOnly: kindOf(hit.tool) === 'readOnly' ? [hit.tool.name] : [] };
    const found = enabled.filter(({ rules }) => {
      const positions = listCovering(rules, hit.server).filter((index) => {
        const grant = rules[index];
        return grant !== undefined && isActive(grant, nowMs);
      });
      const compiled = compileRules(rules, positions, facts);
      return compiled !== undefined && decideName(compiled.tools, hit.tool.name).allowed;
    });
    return { names: found.map(({ name }) => name), timed: found.some(({ timed }) => timed) };
  };
}
