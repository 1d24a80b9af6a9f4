import {
  compileRules,
  isActive,
  listCovering,
  type Grant,
  type GrantFile,
  type Rules,
  type ServerFacts,
} from '@mcpgw/registry/contract';

/** A grant as the API stores it. */
export type StoredGrant = Pick<Grant, 'server' | 'tools' | 'resources' | 'prompts'> &
  Partial<Pick<Grant, 'effect' | 'hours' | 'expiresAt'>>;

/** The properties of a server that rules depend on. */
export interface RuledServer extends ServerFacts {
  path: string;
}

export interface GrantRules {
  /** As the gate compiles them; undefined: nothing is allowed. */
  rules: Rules | undefined;
  /** Some of the grants apply at certain hours only. */
  isTimed: boolean;
}

/** Hours are ignored: a grant that applies at certain hours only counts too. */
function toRule({ server, tools, resources, prompts, effect, expiresAt }: StoredGrant): GrantFile {
  return {
    ...{ server, tools, resources, prompts },
    ...(effect === 'deny' && { deny: true as const }),
    ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
  };
}

/** Returns a function that compiles the rules of these grants for a server, for any hour of the week. */
export function createRules(grants: readonly StoredGrant[], nowMs: number): (server: RuledServer) => GrantRules {
  // A denial that applies at certain hours only does not block anybody permanently.
  const lasting = grants.filter(({ effect, hours }) => effect !== 'deny' || hours === undefined);
  const files = lasting.map(toRule);
  const timed = grants.filter(({ hours }) => hours !== undefined).map(toRule);
  return (server) => {
    const positions = listCovering(files, server.path).filter((at) => {
      const file = files[at];
      return file !== undefined && isActive(file, nowMs);
    });
    return {
      rules: compileRules(files, positions, server),
      isTimed: listCovering(timed, server.path).some((at) => timed[at] !== undefined && isActive(timed[at], nowMs)),
    };
  };
}
