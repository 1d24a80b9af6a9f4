import type { Grant } from '../../contract/index.ts';
import type { Rows, StoredAgent, StoredGroup } from '../../store/index.ts';

/** A grant of an agent, and where it is defined. */
export interface HeldGrant {
  grant: Grant;
  /** Null: its own. */
  group: string | null;
  /** Its position in the list that contains it, from 0. */
  position: number;
}

/** Groups by name. */
export type GroupsByName = ReadonlyMap<string, Pick<StoredGroup, 'grants'>>;

/** The groups of some agents. */
export async function readGroups(rows: Pick<Rows, 'groups'>, names: readonly string[]): Promise<GroupsByName> {
  const found = await Promise.all(names.map((name) => rows.groups.byName(name)));
  return new Map(found.flatMap((group) => (group === undefined ? [] : [[group.name, group] as const])));
}

/** All grants of an agent: its own, then those of its groups by name. The gate counts them in this order. */
export function listGrants(agent: Pick<StoredAgent, 'grants' | 'groups'>, groups: GroupsByName): HeldGrant[] {
  const hold = (grants: readonly Grant[], group: string | null) =>
    grants.map((grant, position): HeldGrant => ({ grant, group, position }));
  return [
    ...hold(agent.grants, null),
    ...agent.groups.toSorted().flatMap((name) => hold(groups.get(name)?.grants ?? [], name)),
  ];
}
