import type { ConfigKey } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { StoredKey } from '../../store/index.ts';
import { hashKey, isKeyShaped } from '../agents/key.ts';

const PREFIX = 'file-';

/** Whether a key comes from a configuration. The other keys of its agent were created through the API and remain. */
export const isConfiguredKey = ({ id }: Pick<StoredKey, 'id'>): boolean => id.startsWith(PREFIX);

/** Throws RegistryError `invalid` for text that is not a key; the message does not contain it. `field`: path of the key in the configuration. */
export function rejectWrongKey({ key }: ConfigKey, field: string): void {
  if (key === undefined || isKeyShaped(key)) return;
  const message = 'this is not an mcpgw key, or it has a wrong character';
  throw new RegistryError('invalid', `${field}: ${message}`, { errors: [{ field, message }] });
}

/** A key as it is stored: `isConfigured` when it comes from a configuration, which may remove it. */
export function toStoredKey(
  agent: string,
  { key, sha256: hash = '', label, expiresAt, servers }: ConfigKey,
  { now, isConfigured }: { now: string; isConfigured: boolean },
): StoredKey {
  const sha256 = key === undefined ? hash : hashKey(key);
  const id = isConfigured ? `${PREFIX}${sha256.slice(0, 16)}` : sha256.slice(0, 12);
  return { id, agent, sha256, label, hint: key?.slice(-4) ?? '', createdAt: now, expiresAt, servers };
}
