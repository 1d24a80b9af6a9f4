import { sessionView } from '@mcpgw/registry/contract';
import { describeError, ToolError } from '../tool-error.ts';
import { createRegistryClient, type RegistryAccess } from './registry-client.ts';

/** Why the registry rejects this key, with what to do; null if it accepts the key or cannot be reached now. Never contains the key. */
export async function checkKey(access: RegistryAccess): Promise<string | null> {
  try {
    await createRegistryClient(
      access,
      new AbortController().signal,
    )({ path: ['api', 'session'], response: sessionView });
    return null;
  } catch (thrown) {
    const isRefused = thrown instanceof ToolError && (thrown.code === 'unauthorized' || thrown.code === 'forbidden');
    return isRefused ? describeError(thrown) : null;
  }
}
