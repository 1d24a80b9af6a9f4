import type { ServerView } from '@mcpgw/registry/contract';
import Copy from '@lucide/svelte/icons/copy';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import Plug from '@lucide/svelte/icons/plug';
import Power from '@lucide/svelte/icons/power';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Server from '@lucide/svelte/icons/server';
import { copyText } from '../../lib/dom/copy-text.ts';
import { rankCommand, type Command } from '../../lib/navigation/rank-commands.ts';
import { serverHref } from '../../lib/navigation/routes.ts';
import { isBuiltIn } from '../../lib/servers/is-built-in.ts';
import { STATUS } from '../../lib/servers/status-labels.ts';
import { location } from '../../state/app/location.svelte.ts';
import { overlay } from '../../state/app/overlay.svelte.ts';
import { session } from '../../state/app/session.svelte.ts';
import { toasts } from '../../state/app/toasts.svelte.ts';
import { checkNow, setEnabled } from '../../state/servers/server-actions.ts';
import { servers } from '../../state/servers/servers.svelte.ts';

/** Maximum number of matching servers that are listed with their actions. */
const MAX_WITH_ACTIONS = 2;
/** The words of a query: "disable weather". */
const words = (query: string): string[] => query.trim().toLowerCase().split(/\s+/).filter(Boolean);

const copy = async (server: ServerView): Promise<void> => {
  const copied = await copyText(server.gatewayUrl);
  toasts.show({ tone: copied ? 'ok' : 'bad', text: copied ? 'URL copied' : 'Copy failed' });
};

function actionsOf(server: ServerView): Command[] {
  const { id, name, path } = server;
  const common = { group: 'Actions', keywords: path, detail: `/${path}` } as const;
  const list: Command[] = [
    { ...common, id: `copy/${id}`, icon: Copy, label: `Copy the URL of ${name}`, run: () => void copy(server) },
    {
      ...{ ...common, id: `connect/${id}`, icon: Plug, label: `Connect a client to ${name}` },
      run: () => void location.go(serverHref(path, 'connect')),
    },
  ];
  if (session.canChange)
    list.push({
      ...{ ...common, id: `check/${id}`, icon: RefreshCw, label: `Check ${name} now` },
      run: () => void checkNow(server),
    });
  if (session.canChange && !isBuiltIn(server) && server.managedBy === null)
    list.push({
      ...{ ...common, id: `toggle/${id}`, icon: Power, label: `${server.enabled ? 'Disable' : 'Enable'} ${name}` },
      run: () => void setEnabled(server, !server.enabled),
    });
  if (session.isAdmin)
    list.push({
      ...{ ...common, id: `stop/${id}`, icon: OctagonX, label: `Stop ${name}…`, keywords: `${path} kill switch` },
      run: () => void (overlay.kill = { scope: 'server', target: path }),
    });
  return list;
}

/** Servers, with actions for the one whose page is open and for those that are named. */
export function serverCommands(query: string): Command[] {
  const found = servers.list.map((server): Command & { server: ServerView } => ({
    id: `server/${server.id}`,
    group: 'Servers',
    icon: Server,
    label: server.name,
    keywords: `${server.path} ${server.tags.join(' ')}`,
    detail: `/${server.path}`,
    state: STATUS[server.status],
    run: () => void location.go(serverHref(server.path)),
    server,
  }));
  const open = location.route.page === 'server' ? servers.at(location.route.path) : undefined;
  const typed = words(query);
  // The longest word is most likely a name: "check weather now".
  const named = found
    .map(({ server, ...command }) => ({
      server,
      rank: Math.max(0, ...typed.map((word) => (word.length < 3 ? 0 : rankCommand(command, word)))),
    }))
    .filter(({ rank }) => rank >= 3)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MAX_WITH_ACTIONS)
    .map(({ server }) => server);
  const acting = new Set([...(open === undefined ? [] : [open]), ...named]);
  return [...[...acting].flatMap(actionsOf), ...found];
}
