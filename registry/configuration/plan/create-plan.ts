import type { CompleteAgent, CompleteGroup, CompleteServer, ConfigChange, ConfigKind } from '../../contract/index.ts';
import { RegistryError, type FieldError } from '../../lib/errors.ts';
import { compareFields } from './compare-fields.ts';

/** All items of one kind by name, with the configurations that define the item and its limits; '' for none. */
export type Current<Item> = ReadonlyMap<string, { item: Item; managedBy: string; limitsBy: string }>;

/** The desired state of an item, and the configuration that defines its limits; '' for none. */
export interface Wanted<Item> {
  item: Item;
  limitsBy: string;
}

/** The field of a plan that names the configuration that defines the limits. */
export const LIMITS_MARK = 'limits.managedBy';

/** The current and the desired items of one kind. */
interface Kind<Item> {
  current: Current<Item>;
  wanted: ReadonlyMap<string, Wanted<Item>>;
}

export interface PlanInput {
  source: string;
  servers: Kind<CompleteServer>;
  groups: Kind<CompleteGroup>;
  agents: Kind<CompleteAgent>;
  /** Items that were taken over, such as `server weather`: left unchanged. */
  takenOver: ReadonlySet<string>;
  /** Also removes what comes from no configuration or another one, so that the gateway matches exactly. */
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
    const existing = current.get(name);
    if (existing === undefined) {
      found.changes.push({ action: 'add', kind, name, fields: compareFields({}, item), adopts: false });
      continue;
    }
    if (existing.managedBy !== '' && existing.managedBy !== source && !replaces)
      found.conflicts.push({
        field: `${kind}s.${name}`,
        message: `it comes from the configuration "${existing.managedBy}"; remove it from one of the two`,
      });
    const fields = compareFields(existing.item, item);
    if (existing.limitsBy !== limitsBy)
      fields.push({ field: LIMITS_MARK, before: existing.limitsBy || null, after: limitsBy || null });
    const adopts = existing.managedBy !== source;
    if (fields.length === 0 && !adopts) found.unchanged += 1;
    else found.changes.push({ action: 'change', kind, name, fields, adopts: adopts && source !== '' });
  }
  for (const [name, { managedBy }] of current)
    if (!wanted.has(name) && (replaces || (source !== '' && managedBy === source)))
      found.changes.push({ action: 'remove', kind, name, fields: [], adopts: false });
  return found;
}

/** The changes that make the gateway match the desired state. Throws RegistryError `conflict` for what another configuration manages. */
export function createPlan(input: PlanInput): Planned {
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
