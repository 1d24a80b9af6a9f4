import type { KeyView } from '../../contract/index.ts';
import type { KeyUse, StoredAgent, StoredKey } from '../../store/index.ts';
import { isConfiguredKey } from '../batch/configured-keys.ts';

/** A key as the API shows it: nothing from which it could be derived. `owner`: its agent. */
export function viewKey(
  key: StoredKey,
  uses: readonly KeyUse[] = [],
  owner: Pick<StoredAgent, 'managedBy'> = {},
): KeyView {
  const { id, label, hint, createdAt, expiresAt, servers } = key;
  const lastUsedAt = uses.find(({ keyId }) => keyId === id)?.at ?? null;
  const managedBy = isConfiguredKey(key) ? (owner.managedBy ?? null) : null;
  return { id, label, hint, createdAt, expiresAt, servers, lastUsedAt, managedBy };
}
