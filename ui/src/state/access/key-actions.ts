import type { KeyView } from '@mcpgw/registry/contract';
import { revokeKey } from '../../lib/api/access-api.ts';
import { overlay } from '../app/overlay.svelte.ts';
import { toasts } from '../app/toasts.svelte.ts';
import { reportFailure } from '../servers/server-actions.ts';

type NamedKey = Pick<KeyView, 'id' | 'label' | 'hint'>;

/** The label of a key, or its last characters. */
export const nameOfKey = ({ label, hint }: Pick<KeyView, 'label' | 'hint'>): string => label || `…${hint}`;

/** Revokes a key after confirmation. `onstart` is called once it is confirmed. */
export async function revokeWhenConfirmed(agent: string, key: NamedKey, onstart?: () => void): Promise<void> {
  const name = nameOfKey(key);
  const confirmed = await overlay.confirm({
    title: `Revoke the key ${name}?`,
    text: `Calls with it are refused from the next request on, and its open streams end. This cannot be undone.`,
    confirmLabel: 'Revoke',
    confirmText: key.hint,
    danger: true,
  });
  if (!confirmed) return;
  onstart?.();
  try {
    await revokeKey(agent, key.id);
    toasts.show({ tone: 'mute', text: `Key ${name} revoked` });
  } catch (error) {
    reportFailure(`The key ${name} could not be revoked`, error);
  }
}
