import type { KeyView } from '../../contract/index.ts';
import type { KeyUse, StoredKey } from '../../store/index.ts';

/** A key as the API shows it: nothing from which it could be made. */
export function viewKey(key: StoredKey, uses: readonly KeyUse[] = []): KeyView {
  const { id, label, hint, createdAt, expiresAt, servers } = key;
  const lastUsedAt = uses.find(({ keyId }) => keyId === id)?.at ?? null;
  return { id, label, hint, createdAt, expiresAt, servers, lastUsedAt };
}
