import type { ServerView } from '@mcpgw/registry/contract';
import { ApiError, errorMessage, UnansweredError } from '../../lib/api/api-error.ts';
import { changeServer, refreshServer, removeServer, restoreServer } from '../../lib/api/registry-api.ts';
import { pluralize } from '../../lib/format/format.ts';
import { HEALTH_LABELS } from '../../lib/servers/status-labels.ts';
import { servers } from './servers.svelte.ts';
import { overlay } from '../app/overlay.svelte.ts';
import { toasts } from '../app/toasts.svelte.ts';

/** Shows an error toast with the reason and the hint of the registry. */
export function reportFailure(text: string, error: unknown): void {
  const hint = error instanceof ApiError && error.hint !== undefined ? ` ${error.hint}` : '';
  const isUnanswered = error instanceof UnansweredError;
  toasts.show({
    tone: 'bad',
    text: isUnanswered ? 'No response from the registry' : text,
    detail: errorMessage(error) + hint,
  });
}

/** Enables or disables a server; shown once the registry has responded, when the gate enforces it. Can be undone. */
export async function setEnabled(server: ServerView, enabled: boolean): Promise<void> {
  const end = servers.markSaving(server.id, enabled ? 'Enabling…' : 'Disabling…');
  try {
    const changed = await changeServer(server.path, { enabled });
    servers.applyChange(changed);
    toasts.show({
      tone: enabled ? 'ok' : 'mute',
      text: `${server.name} ${enabled ? 'enabled' : 'disabled'}`,
      ...(!enabled && { detail: 'The gate refuses its calls from now on.' }),
      action: { label: 'Undo', run: () => void setEnabled(server, !enabled) },
    });
  } catch (error) {
    reportFailure(`${server.name} could not be ${enabled ? 'enabled' : 'disabled'}`, error);
  } finally {
    end();
  }
}

/** Removes a server after its name was typed; it can be restored with all its data. Returns whether it was removed. */
export async function removeServerWithUndo(server: ServerView): Promise<boolean> {
  const confirmed = await overlay.confirm({
    title: `Remove ${server.name}?`,
    text: `Its gateway URL stops working, and open streams end. It can be restored from “Recently removed” with its settings, grants and tool lock.`,
    confirmLabel: 'Remove',
    confirmText: server.name,
    danger: true,
  });
  if (!confirmed) return false;
  const end = servers.markSaving(server.id, 'Removing…');
  try {
    await removeServer(server.path);
    servers.delete(server.id);
    toasts.show({
      tone: 'mute',
      text: `${server.name} removed`,
      action: { label: 'Undo', run: () => void restoreRemoved(server) },
    });
    return true;
  } catch (error) {
    reportFailure(`${server.name} could not be removed`, error);
    return false;
  } finally {
    end();
  }
}

/** Restores a removed server. Returns whether it was restored. */
export async function restoreRemoved({ path, name }: Pick<ServerView, 'path' | 'name'>): Promise<boolean> {
  try {
    servers.applyChange(await restoreServer(path));
    toasts.show({ tone: 'ok', text: `${name} restored` });
    return true;
  } catch (error) {
    reportFailure(`${name} could not be restored`, error);
    return false;
  }
}

/** Probes a server now and shows the result in a toast. */
export async function checkNow(server: ServerView): Promise<void> {
  const { name, path } = server;
  try {
    const result = await refreshServer(path);
    const { label, tone } = HEALTH_LABELS[result.health];
    const detail = result.problem === null ? {} : { detail: [result.problem, result.remedy].filter(Boolean).join(' ') };
    toasts.show({
      tone,
      text: `${name}: ${label.toLowerCase()}, ${pluralize(result.tools.length, 'tool')}`,
      ...detail,
    });
    servers.toolVersions.set(path, (servers.toolVersions.get(path) ?? 0) + 1);
  } catch (error) {
    reportFailure(`${name} could not be checked`, error);
  }
}
