import type { CompleteAgent, CompleteGroup, CompleteServer, ConfigChange, ConfigKind } from '../../contract/index.ts';
import { RegistryError, type FieldError } from '../../lib/errors.ts';
import { compareFields } from './compare-fields.ts';

/** Everything of one kind, by name, and which configuration it comes from, and its limits; '' for none. */
export type Current<Item> = ReadonlyMap<string, { item: Item; managedBy: string; limitsBy: string }>;

/** What an item is to be, and which configuration gives its limits; '' for none. */
export interface Wanted<Item> {
  item: Item;
  limitsBy: string;
}

/** The field of a plan that says which configuration gives the limits. */
export const LIMITS_MARK = 'limits.managedBy';

/** What there is of one kind, and what there should be. */
interface Kind<Item> {
  current: Current<Item>;
  wanted: ReadonlyMap<string, Wanted<Item>>;
}

export interface PlanInput {
  source: string;
  servers: Kind<CompleteServer>;
  groups: Kind<CompleteGroup>;
  agents: Kind<CompleteAgent>;
  /** `server weather`: left alone. */
  takenOver: ReadonlySet<string>;
  /** Also removes what comes from no configuration or another: the gateway is to be this and nothing else. */
  replaces?: boolean;
}

export interface Planned {
  changes: ConfigChange[];
  unchanged: number;
}

function planKind<Item extends object>(
  kind: ConfigKind,
  { current, wanted }: Kind<Item>,
  { source, takenOver, replaces = false }: PlanInput,
): Planned & { conflicts: FieldError[] } {
  const found: Planned & { conflicts: FieldError[] } = { changes: [], unchanged: 0, conflicts: [] };
  for (const [name, { item, limitsBy }] of wanted) {
    if (takenOver.has(`${kind} ${name}`)) continue;
    const there = current.get(name);
    if (there === undefined) {
      found.changes.push({ action: 'add', kind, name, fields: compareFields({}, item), adopts: false });
      continue;
    }
    if (there.managedBy !== '' && there.managedBy !== source && !replaces)
      found.conflicts.push({
        field: `${kind}s.${name}`,
        message: `it comes from the configuration "${there.managedBy}"; remove it from one of the two`,
      });
    const fields = compareFields(there.item, item);
    if (there.limitsBy !== limitsBy)
      fields.push({ field: LIMITS_MARK, before: there.limitsBy || null, after: limitsBy || null });
    const adopts = there.managedBy !== source;
    if (fields.length === 0 && !adopts) found.unchanged += 1;
    else found.changes.push({ action: 'change', kind, name, fields, adopts: adopts && source !== '' });
  }
  for (const [name, { managedBy }] of current)
    if (!wanted.has(name) && (replaces || (source !== '' && managedBy === source)))
      found.changes.push({ action: 'remove', kind, name, fields: [], adopts: false });
  return found;
}

/** What has to be done so that the gateway is as wanted. Throws RegistryError `conflict` for what another configuration manages. */
export function makePlan(input: PlanInput): Planned {
  const kinds = [
    planKind('server', input.servers, input),
    planKind('group', input.groups, input),
    planKind('agent', input.agents, input),
  ];
  const conflicts = kinds.flatMap((kind) => kind.conflicts);
  if (conflicts.length > 0)
    throw new RegistryError('conflict', conflicts.map(({ field, message }) => `${field}: ${message}`).join('\n'), {
      errors: conflicts,
    });
  const byName = (a: ConfigChange, b: ConfigChange) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  return {
    changes: kinds.flatMap(({ changes }) => changes.sort(byName)),
    unchanged: kinds.reduce((sum, { unchanged }) => sum + unchanged, 0),
  };
}
