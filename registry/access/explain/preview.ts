import { decideName, listCovering, type PreviewInput, type PreviewView } from '../../contract/index.ts';
import { mapInSlices } from '../../lib/in-slices.ts';
import type { CallSum, CallSums, Store, StoredAgent } from '../../store/index.ts';
import { requireAgent } from '../agents/agents.ts';
import type { GroupsByName } from '../grants/list-grants.ts';
import { checkGroups, requireGroup } from '../groups/groups.ts';
import { allowsRequests } from './judge-requests.ts';
import type { ExplainOptions } from './explain.ts';
import { createSubject, rulesOn, type Place, type Subject } from './subject.ts';

/** The calls of agents since `fromMs` (epoch milliseconds), or the latest of them. */
export type SumCalls = (agents: readonly string[], fromMs: number) => Promise<CallSums>;

interface Side {
  before: Subject;
  after: Subject;
}

interface KnownPlace extends Place {
  tools: string[];
}

const DAY_MS = 86_400_000;
/** Maximum number of agents of a group that are evaluated, and of changes that are listed. */
const MAX_AGENTS = 100;
const MAX_CHANGES = 1_000;

async function readAgents(
  store: Pick<Store, 'agents' | 'groups'>,
  { agent, group = '' }: PreviewInput,
): Promise<{ agents: StoredAgent[]; leftOut: number }> {
  if (agent !== undefined) return { agents: [await requireAgent(store, agent)], leftOut: 0 };
  const names = (await requireGroup(store, group)).agents;
  const agents = await Promise.all(names.slice(0, MAX_AGENTS).map((name) => requireAgent(store, name)));
  return { agents, leftOut: Math.max(names.length - MAX_AGENTS, 0) };
}

function createSides(agents: readonly StoredAgent[], groups: GroupsByName, input: PreviewInput): Map<string, Side> {
  const { group, grants } = input;
  const changed =
    group === undefined || grants === undefined ? groups : new Map([...groups, [group, { grants }] as const]);
  return new Map(
    agents.map((agent) => {
      const own =
        group === undefined ? { grants: grants ?? agent.grants, groups: input.groups ?? agent.groups } : agent;
      return [agent.name, { before: createSubject(agent, groups), after: createSubject(own, changed) }];
    }),
  );
}

function judgeCalls(
  sums: readonly CallSum[],
  sides: ReadonlyMap<string, Side>,
  places: ReadonlyMap<string, Place>,
  nowMs: number,
): Omit<NonNullable<PreviewView['calls']>, 'from' | 'isComplete'> {
  const total = { requests: 0, allowedBefore: 0, allowedAfter: 0, unclear: 0 };
  const changed: NonNullable<PreviewView['calls']>['changed'] = [];
  for (const sum of sums) {
    const side = sides.get(sum.agent);
    const place = places.get(sum.server);
    // Nothing changes for a server that is removed or that none of their grants covers.
    if (side === undefined || place === undefined) continue;
    const moment = { callMs: sum.lastMs, expiryMs: nowMs };
    const before = allowsRequests(rulesOn(side.before, place, moment), sum);
    const after = allowsRequests(rulesOn(side.after, place, moment), sum);
    total.requests += sum.count;
    if (before === undefined || after === undefined) total.unclear += sum.count;
    if (before === true) total.allowedBefore += sum.count;
    if (after === true) total.allowedAfter += sum.count;
    if (before === undefined || after === undefined || before === after) continue;
    const { lastMs, ...shown } = sum;
    changed.push({ ...shown, lastAt: new Date(lastMs).toISOString(), before, after });
  }
  changed.sort((a, b) => b.count - a.count);
  return { ...total, changed: changed.slice(0, MAX_CHANGES) };
}

function judgeTools({ before, after }: Side, place: KnownPlace, nowMs: number) {
  const moment = { callMs: nowMs, expiryMs: nowMs };
  const [old, next] = [rulesOn(before, place, moment), rulesOn(after, place, moment)];
  return place.tools
    .map((tool) => ({
      server: place.path,
      tool,
      before: old !== undefined && decideName(old.tools, tool).allowed,
      after: next !== undefined && decideName(next.tools, tool).allowed,
    }))
    .filter((one) => one.before !== one.after);
}

/** Shows what a change of grants would allow and deny; saves nothing. */
export function createPreview({ store, toolFacts }: ExplainOptions) {
  async function readPlaces(sides: readonly Side[]): Promise<Map<string, KnownPlace>> {
    const isCovered = (path: string) =>
      sides.some((side) => [side.before, side.after].some(({ compiled }) => listCovering(compiled, path).length > 0));
    const found = new Map<string, KnownPlace>();
    for (const { id, path, tags } of await store.servers.all()) {
      if (!isCovered(path)) continue;
      const tools = [...(await store.tools.hashes(id)).keys()].sort();
      found.set(path, { path, tags, facts: await toolFacts(id), tools });
    }
    return found;
  }

  /** `sumCalls` null: single calls are not stored. Throws `not_found` and, for an unknown group of an agent, `invalid`. */
  return async function preview(input: PreviewInput, sumCalls: SumCalls | null): Promise<PreviewView> {
    await checkGroups(store, input.groups ?? []);
    const { agents, leftOut } = await readAgents(store, input);
    const groups = new Map((await store.groups.all()).map((group) => [group.name, group]));
    const sides = createSides(agents, groups, input);
    const places = await readPlaces([...sides.values()]);
    const nowMs = Date.now();
    const names = [...sides.keys()];
    const found = await sumCalls?.(names, nowMs - DAY_MS);
    const pairs = [...sides].flatMap(([agent, side]) => [...places.values()].map((place) => ({ agent, side, place })));
    const judged = await mapInSlices(pairs, ({ agent, side, place }) =>
      judgeTools(side, place, nowMs).map((one) => ({ agent, ...one })),
    );
    const tools = judged.flat();
    return {
      agents: names,
      agentsLeftOut: leftOut,
      calls: found
        ? {
            from: new Date(nowMs - DAY_MS).toISOString(),
            isComplete: found.isComplete,
            ...judgeCalls(found.sums, sides, places, nowMs),
          }
        : null,
      tools: tools.slice(0, MAX_CHANGES),
      toolsLeftOut: Math.max(tools.length - MAX_CHANGES, 0),
    };
  };
}
