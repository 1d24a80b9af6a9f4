import type {
  ConfigBatch,
  ConfigChange,
  ConfigKind,
  LimitsBatch,
  ServerBatch,
  ServerInput,
  ServerLimits,
} from '../../contract/index.ts';
import { LIMITS_MARK, type Wanted } from './create-plan.ts';

/** Whether a change only moves the item, or its limits, to another configuration. */
const isMark = ({ action, fields }: ConfigChange) =>
  action === 'change' && fields.every(({ field }) => field === LIMITS_MARK);

/** The batch that stores the changes of one kind. */
export function toBatch<Item>(
  changes: readonly ConfigChange[],
  kind: ConfigKind,
  items: ReadonlyMap<string, Item>,
  managedBy: string,
): ConfigBatch<Item> {
  const ours = changes.filter((change) => change.kind === kind);
  return {
    remove: ours.filter(({ action }) => action === 'remove').map(({ name }) => name),
    mark: ours.filter(isMark).map(({ name }) => ({ name, managedBy })),
    put: ours.flatMap((change) => {
      const item = items.get(change.name);
      return item === undefined || change.action === 'remove' || isMark(change)
        ? []
        : [{ name: change.name, item, managedBy }];
    }),
  };
}

/** The same for servers. */
export function toServerBatch(
  changes: readonly ConfigChange[],
  inputs: ReadonlyMap<string, ServerInput>,
  source: string,
): ServerBatch {
  const { remove, mark, put } = toBatch(changes, 'server', inputs, source);
  return {
    remove,
    mark: mark.map(({ name, managedBy }) => ({ path: name, managedBy })),
    put: put.map(({ item, managedBy }) => ({ input: item, managedBy })),
  };
}

/** The limits that are affected by changes of one kind. */
export function toLimitsBatch(
  changes: readonly ConfigChange[],
  scope: ConfigKind,
  items: ReadonlyMap<string, Wanted<{ limits?: ServerLimits | undefined }>>,
): LimitsBatch[] {
  return changes.flatMap(({ action, kind, name, fields }) => {
    const wanted = items.get(name);
    if (kind !== scope || action === 'remove' || wanted?.item.limits === undefined) return [];
    // A server of another kind is stored as a new one, so its limits must be stored again.
    const about = ['limits', LIMITS_MARK, 'transport'];
    const isTouched = action === 'add' || fields.some(({ field }) => about.includes(field));
    return isTouched ? [{ scope, name, limits: wanted.item.limits, managedBy: wanted.limitsBy }] : [];
  });
}
