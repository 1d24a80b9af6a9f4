import type { ServerView } from '@mcpgw/registry/contract';
import { changeServer, refreshServer, removeServer } from '../../lib/api/registry-api.ts';
import { pluralize } from '../../lib/format/format.ts';
import { overlay } from '../app/overlay.svelte.ts';
import { toasts } from '../app/toasts.svelte.ts';
import { errorMessage } from '../../lib/api/api-error.ts';
import { servers } from './servers.svelte.ts';

interface Action {
  /** "Disabling". */
  doing: string;
  /** "disabled". */
  done: string;
  run: (server: ServerView) => Promise<void>;
}

const check = async ({ path }: ServerView): Promise<void> => {
  await refreshServer(path);
};
const setEnabled = (enabled: boolean) => async (server: ServerView) =>
  servers.applyChange(await changeServer(server.path, { enabled }));

export const BULK_ACTIONS = {
  enable: { doing: 'Enabling', done: 'enabled', run: setEnabled(true) },
  disable: { doing: 'Disabling', done: 'disabled', run: setEnabled(false) },
  check: { doing: 'Checking', done: 'checked', run: check },
  remove: {
    doing: 'Removing',
    done: 'removed',
    run: async ({ id, path }: ServerView): Promise<void> => {
      await removeServer(path);
      servers.delete(id);
    },
  },
} as const satisfies Record<string, Action>;
export type BulkActionName = keyof typeof BULK_ACTIONS;

/** Publishing batches concurrent changes, so several at a time are faster than one after another. */
const CONCURRENCY = 8;
const MAX_NAMED = 3;

/** One action on several servers: its progress, and one report at the end. */
export class BulkAction {
  /** "Disabling 3 of 12…"; '' when nothing runs. */
  progress = $state('');

  /** Runs the action on all of them; failures are reported by name and do not stop the others. */
  async run(name: BulkActionName, chosen: readonly ServerView[]): Promise<void> {
    if (this.progress !== '' || chosen.length === 0) return;
    if (name === 'remove' && !(await confirmRemoval(chosen))) return;
    const { doing, done, run }: Action = BULK_ACTIONS[name];
    const queue = [...chosen];
    const failed: string[] = [];
    let ended = 0;
    const show = (): void => void (this.progress = `${doing} ${ended} of ${chosen.length}…`);
    show();
    const work = async (): Promise<void> => {
      for (let server = queue.shift(); server !== undefined; server = queue.shift()) {
        const end = servers.markSaving(server.id, `${doing}…`);
        try {
          await run(server);
        } catch (error) {
          failed.push(`${server.name}: ${errorMessage(error)}`);
        }
        end();
        ended += 1;
        show();
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    this.progress = '';
    const count = pluralize(chosen.length - failed.length, 'server');
    if (failed.length === 0) toasts.show({ tone: 'ok', text: `${count} ${done}` });
    else
      toasts.show({
        tone: 'bad',
        text: `${count} ${done}, ${failed.length} failed`,
        detail: failed.slice(0, MAX_NAMED).join(' · ') + (failed.length > MAX_NAMED ? ' …' : ''),
      });
  }
}

function confirmRemoval(chosen: readonly ServerView[]): Promise<boolean> {
  const what = pluralize(chosen.length, 'server');
  return overlay.confirm({
    title: `Remove ${what}?`,
    text: `Their gateway URLs stop working. They can be restored from “Recently removed”.`,
    confirmLabel: 'Remove',
    confirmText: chosen.length === 1 ? (chosen[0]?.name ?? '') : `remove ${what}`,
    danger: true,
  });
}
