import { grant as grantSchema, type CallGrant, type CallView, type Grant } from '../../contract/index.ts';
import type { StoredAgent } from '../../store/index.ts';
import { readGroups } from '../grants/list-grants.ts';
import { describePlace, type ExplainOptions } from './explain.ts';
import { createSubject, decideByGrants, type Item, type Place } from './subject.ts';

/** Refusal reasons that a grant can resolve. */
const BY_GRANT = [
  'not_granted',
  'tool_not_granted',
  'resource_not_granted',
  'prompt_not_granted',
  'method_not_granted',
];
/** calls.log cuts longer names between characters of up to four bytes. */
const LONGEST_WHOLE_NAME = 124;

type RefusedCall = Pick<CallView, 'agent' | 'server' | 'reason' | 'methods' | 'tools' | 'resources' | 'prompts'>;

function itemsOf({ tools, resources, prompts }: RefusedCall): Item[] {
  return [
    ...tools.map((name): Item => ({ kind: 'tools', name })),
    ...resources.map((name): Item => ({ kind: 'resources', name })),
    ...prompts.map((name): Item => ({ kind: 'prompts', name })),
  ];
}

/** Why a name cannot be granted by itself; null: it can. */
function explainName({ kind, name }: Item): string | null {
  if (Buffer.byteLength(name) > LONGEST_WHOLE_NAME && kind !== 'resources')
    return 'the name is too long to be recorded in full: write the grant by hand';
  if (name.endsWith('…'))
    return 'the URI is too long or has a query, so it is not recorded in full: write the grant by hand';
  if (name.includes('*') || /^(!|annotation:|tag:)/.test(name))
    return `${JSON.stringify(name)} reads as a pattern, so a grant of it would allow more: write the grant by hand`;
  return null;
}

/** The grant for these items alone; null: it would not be valid. */
function writeGrant(server: string, items: readonly Item[]): Grant | null {
  const named = (kind: Item['kind']) => [
    ...new Set(items.filter((item) => item.kind === kind).map(({ name }) => name)),
  ];
  const written = { server, tools: named('tools'), resources: named('resources'), prompts: named('prompts') };
  return grantSchema.safeParse(written).data ?? null;
}

/** Finds the one grant that would allow a call that was refused, and no more than that. */
export function createProposal({ store, toolFacts }: ExplainOptions) {
  async function place(path: string): Promise<Place | null> {
    const server = await store.servers.byPath(path);
    return server === undefined ? null : { path, tags: server.tags, facts: await toolFacts(server.id) };
  }

  async function propose(
    agent: StoredAgent,
    where: Place,
    call: RefusedCall,
  ): Promise<Pick<CallGrant, 'grant' | 'detail'>> {
    const none = (detail: string) => ({ grant: null, detail });
    const groups = await readGroups(store, agent.groups);
    const subject = createSubject(agent, groups);
    const items = itemsOf(call);
    const nowMs = Date.now();
    const missing = items.filter((item) => !decideByGrants(subject, where, item, nowMs).allowed);
    const { connects } = decideByGrants(subject, where, null, nowMs);
    const isWhole = call.reason === 'method_not_granted' && missing.length === 0;
    if (missing.length === 0 && connects && !isWhole) return none('the grants of the agent already allow this call');

    const problem = missing.map(explainName).find((found) => found !== null);
    if (problem !== undefined) return none(problem);
    const [detail, grant] = isWhole
      ? [
          `the gate cannot determine what ${call.methods.join(', ')} uses, so it requires all of ${where.path}`,
          grantSchema.parse({ server: where.path }),
        ]
      : missing.length === 0
        ? [
            `the call used nothing by name; the read-only tools of ${where.path} let the agent connect`,
            grantSchema.parse({ server: where.path, tools: ['annotation:readOnly'] }),
          ]
        : [`allows ${missing.map(({ name }) => name).join(', ')} on ${where.path}`, writeGrant(where.path, missing)];
    if (grant === null) return none('a name of the call cannot be written as a grant: write it by hand');
    // Checked with the gate's own rules: a denial still takes precedence.
    const extended = createSubject({ ...agent, grants: [...agent.grants, grant] }, groups);
    for (const item of missing.length === 0 ? [null] : missing) {
      const { allowed, rule } = decideByGrants(extended, where, item, nowMs);
      if (!allowed)
        return none(
          rule === null
            ? 'no grant allows this'
            : `${describePlace(rule)} denies it ("${rule.selector ?? rule.grant.server}"): change that one`,
        );
    }
    return { grant, detail };
  }

  /** What prevents a call, and the grant that would allow it. */
  return async function proposeGrant(call: RefusedCall): Promise<CallGrant> {
    const { agent: name, server: path, reason } = call;
    const answer = { agent: name, server: path };
    if (name === null || path === null)
      return { ...answer, grant: null, detail: 'the call had no valid key, or was not for a registered server' };
    const agent = await store.agents.byName(name);
    const where = await place(path);
    if (agent === undefined || where === null)
      return { ...answer, grant: null, detail: 'the agent or the server of this call no longer exists' };
    if (reason !== null && !BY_GRANT.includes(reason))
      return { ...answer, grant: null, detail: `it was refused for another reason: ${reason}` };
    return { ...answer, ...(await propose(agent, where, call)) };
  };
}
