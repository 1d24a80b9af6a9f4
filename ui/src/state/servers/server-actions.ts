import type { ServerView } from '@mcpgw/registry/contract';
import { ApiError, explain } from '../../lib/api/api-error.ts';
import { changeServer, refreshServer, removeServer, restoreServer } from '../../lib/api/registry-api.ts';
import { OBSERVED } from '../../lib/servers/status-labels.ts';
import { servers } from './servers.svelte.ts';
import { toasts } from '../app/toasts.svelte.ts';

/** Says that something did not work: the registry's reason, and what it says to do about it. */
export function reportFailure(text: string, error: unknown): void {
  const hint = error instanceof ApiError && error.hint !== undefined ? ` ${error.hint}` : '';
  toasts.show({ tone: 'bad', text, detail: explain(error) + hint });
}

/** Switches a server on or off: at once on the screen, back again with the reason if the registry refuses. Can be undone. */
export async function setEnabled(server: ServerView, enabled: boolean): Promise<void> {
  const takeBack = servers.assume(server.id, { enabled });
  try {
    const changed = await changeServer(server.path, { enabled });
    servers.putChanged(changed);
    toasts.show({
      tone: enabled ? 'ok' : 'mute',
      text: `${server.name} ${enabled ? 'enabled' : 'disabled'}`,
      action: { label: 'Undo', run: () => void setEnabled(server, !enabled) },
    });
  } catch (error) {
    reportFailure(`${server.name} stays ${enabled ? 'disabled' : 'enabled'}`, error);
  } finally {
    takeBack();
  }
}

/** Removes a server; it can be brought back with everything that belongs to it. True when it is gone. */
export async function remove(server: ServerView): Promise<boolean> {
  const takeBack = servers.assume(server.id, { removed: true });
  try {
    await removeServer(server.path);
    servers.drop(server.id);
    toasts.show({
      tone: 'mute',
      text: `${server.name} removed`,
      action: { label: 'Undo', run: () => void restore(server) },
    });
    return true;
  } catch (error) {
    reportFailure(`${server.name} was not removed`, error);
    return false;
  } finally {
    takeBack();
  }
}

async function restore(server: ServerView): Promise<void> {
  try {
    servers.putChanged(await restoreServer(server.path));
    toasts.show({ tone: 'ok', text: `${server.name} is back` });
  } catch (error) {
    reportFailure(`${server.name} could not be brought back`, error);
  }
}

/** Probes a server now and says what was found. */
export async function checkNow(server: ServerView): Promise<void> {
  const { name, path } = server;
  try {
    const found = await refreshServer(path);
    const { word, tone } = OBSERVED[found.observed];
    const detail = found.problem === null ? {} : { detail: [found.problem, found.remedy].filter(Boolean).join(' ') };
    toasts.show({ tone, text: `${name}: ${word.toLowerCase()}, ${found.tools.length} tools`, ...detail });
    servers.toolChanges.set(path, (servers.toolChanges.get(path) ?? 0) + 1);
  } catch (error) {
    reportFailure(`${name} could not be checked`, error);
  }
}
