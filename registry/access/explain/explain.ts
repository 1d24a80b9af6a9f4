import { coversPath, type Explanation, type ExplainQuery } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import { requireServer, type Store, type StoredAgent, type StoredKey, type StoredServer } from '../../store/index.ts';
import { requireAgent } from '../agents/agents.ts';
import { hasPassed } from '../agents/authenticate.ts';
import { readGroups } from '../grants/list-grants.ts';
import type { ToolFacts } from '../files/access-contents.ts';
import { createSubject, decideByGrants, type GrantDecision, type Item } from './subject.ts';

export interface ExplainOptions {
  store: Pick<Store, 'agents' | 'groups' | 'kills' | 'servers' | 'tools'>;
  toolFacts: (serverId: string) => Promise<ToolFacts>;
}

type Refusal = Explanation['refusals'][number];
const NOUNS = { tools: 'tool', resources: 'resource', prompts: 'prompt' } as const;

/** The item that a query is about; null: connecting. */
export function itemOf({ tool, resource, prompt }: Pick<ExplainQuery, 'tool' | 'resource' | 'prompt'>): Item | null {
  if (tool !== undefined) return { kind: 'tools', name: tool };
  if (resource !== undefined) return { kind: 'resources', name: resource };
  return prompt === undefined ? null : { kind: 'prompts', name: prompt };
}

function judgeIdentity(agent: StoredAgent, key: StoredKey | null, atMs: number): Refusal[] {
  const found: Refusal[] = [];
  if (key !== null && hasPassed(key.expiresAt, atMs))
    found.push({ reason: 'key_expired', detail: `the key ${key.id} has expired` });
  if (!agent.enabled) found.push({ reason: 'agent_disabled', detail: `the agent ${agent.name} is disabled` });
  if (hasPassed(agent.expiresAt, atMs))
    found.push({ reason: 'agent_expired', detail: `the agent ${agent.name} has expired` });
  return found;
}

async function judgeKills(
  store: ExplainOptions['store'],
  agent: StoredAgent,
  server: StoredServer,
): Promise<Refusal[]> {
  const targets = [
    ['all', '', 'through this gateway'],
    ['agent', agent.name, `of the agent ${agent.name}`],
    ['server', server.id, `to ${server.path}`],
  ] as const;
  const kills = await Promise.all(targets.map(([scope, target]) => store.kills.byTarget(scope, target)));
  return kills.flatMap((kill, index) =>
    kill === undefined
      ? []
      : [{ reason: 'killed', detail: `all calls ${targets[index]?.[2] ?? ''} are stopped: ${kill.reason}` }],
  );
}

/** A grant by its position, as messages name it. */
export function describePlace({ group, position }: { group: string | null; position: number }): string {
  return group === null ? `own grant ${position + 1}` : `grant ${position + 1} of the group ${group}`;
}

function describeDecision({ allowed, rule, notInForce, isUnclear }: GrantDecision, what: string): string {
  const later = notInForce.map((one) => `${describePlace(one)} is not in force now (${one.why.replace('_', ' ')})`);
  const unclear = isUnclear ? ['the URI is not in its plain form, so no pattern is compared with it'] : [];
  const by = rule === null ? '' : ` by ${describePlace(rule)}${rule.selector === null ? '' : ` ("${rule.selector}")`}`;
  const outcome = allowed
    ? `${what} is granted${by}`
    : rule === null
      ? `no grant names ${what}`
      : `${what} is denied${by}`;
  return [outcome, ...unclear, ...(allowed ? [] : later)].join('; ');
}

function judgeState(server: StoredServer): Refusal[] {
  if (!server.enabled) return [{ reason: 'server_disabled', detail: `the server ${server.path} is disabled` }];
  return server.instances.some(({ enabled }) => enabled)
    ? []
    : [{ reason: 'server_rejected', detail: `the server ${server.path} has no enabled instance` }];
}

/** Answers whether an agent may use something, and why, by the gate's own rules. */
export function createExplain({ store, toolFacts }: ExplainOptions) {
  /** Throws `not_found` for an agent, key or server that does not exist. */
  return async function explain(query: ExplainQuery): Promise<Explanation> {
    const agent = await requireAgent(store, query.agent);
    const server = await requireServer(store, query.server.replace(/^\/+|\/+$/g, ''));
    const key = query.key === undefined ? null : agent.keys.find(({ id }) => id === query.key);
    if (key === undefined)
      throw new RegistryError('not_found', `the agent "${agent.name}" has no key "${query.key ?? ''}"`);
    const atMs = query.at === undefined ? Date.now() : Date.parse(query.at);
    const facts = await toolFacts(server.id);
    const item = itemOf(query);
    const subject = createSubject(agent, await readGroups(store, agent.groups), key);
    const decision = decideByGrants(subject, { path: server.path, tags: server.tags, facts }, item, atMs);

    const what = item === null ? `the server ${server.path}` : `the ${NOUNS[item.kind]} ${item.name}`;
    const limits =
      subject.keyServers?.some((pattern) => coversPath(pattern, server.path)) === false ? key?.servers : null;
    const detail = limits
      ? `the key ${key?.id ?? ''} is limited to ${limits.join(', ')}`
      : describeDecision(decision, what);
    const refusals = judgeIdentity(agent, key, atMs);
    if (!decision.connects) refusals.push({ reason: 'not_granted', detail });
    refusals.push(...(await judgeKills(store, agent, server)), ...judgeState(server));
    if (item !== null && decision.connects && !decision.allowed)
      refusals.push({ reason: `${NOUNS[item.kind]}_not_granted`, detail });
    if (item?.kind === 'tools' && facts.allowed !== null && !Object.hasOwn(facts.allowed, item.name))
      refusals.push({
        reason: 'tool_not_approved',
        detail: `${what} is not approved, and the tool lock of ${server.path} blocks`,
      });
    const [first] = refusals;
    const isListed = item?.kind === 'tools' ? (await store.tools.hashes(server.id)).has(item.name) : null;
    return {
      allowed: first === undefined,
      reason: first?.reason ?? 'granted',
      detail: first?.detail ?? detail,
      rule: decision.rule,
      refusals,
      notInForce: decision.notInForce,
      isListed,
    };
  };
}
