import type { LimitTarget, Rows, StoredAgent, StoredLimits } from '../../store/index.ts';

/** Limits by `<scope> <target>`. */
export type LimitsByTarget = ReadonlyMap<string, StoredLimits>;

function toMap(found: readonly (StoredLimits | undefined)[]): LimitsByTarget {
  return new Map(found.flatMap((one) => (one === undefined ? [] : [[`${one.scope} ${one.target}`, one] as const])));
}

/** The owners of limits that apply to an agent. */
function listTargets(agent: StoredAgent): LimitTarget[] {
  const groups = agent.groups.map((target) => ({ scope: 'group' as const, target }));
  return [{ scope: 'agent', target: agent.name }, ...groups];
}

/** The limits that apply to an agent. */
export async function readLimits(rows: Pick<Rows, 'limits'>, agent: StoredAgent): Promise<LimitsByTarget> {
  return toMap(await Promise.all(listTargets(agent).map((target) => rows.limits.of(target))));
}

/** All limits. */
export async function readAllLimits(rows: Pick<Rows, 'limits'>): Promise<LimitsByTarget> {
  return toMap(await rows.limits.all());
}
