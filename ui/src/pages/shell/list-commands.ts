import { showUnseen, type ToolHit } from '@mcpgw/registry/contract';
import { cautionOf } from '../../lib/tools/tool-warning.ts';
import { copyText } from '../../lib/dom/copy-text.ts';
import { isBuiltIn } from '../../lib/servers/is-built-in.ts';
import { NAVIGATION } from '../../lib/navigation/navigation.ts';
import type { Command } from '../../lib/navigation/rank-commands.ts';
import { serverHref } from '../../lib/navigation/routes.ts';
import { location } from '../../state/app/location.svelte.ts';
import { look } from '../../state/app/appearance.svelte.ts';
import { overlay } from '../../state/app/overlay.svelte.ts';
import { checkNow, setEnabled } from '../../state/servers/server-actions.ts';
import { servers } from '../../state/servers/servers.svelte.ts';
import { session } from '../../state/app/session.svelte.ts';
import { toasts } from '../../state/app/toasts.svelte.ts';

const go = (to: string) => () => void location.go(to);

function pages(): Command[] {
  return NAVIGATION.map(({ page, label, to }) => ({ id: `page/${page}`, group: 'Pages', label, run: go(to) }));
}

function actions(): Command[] {
  const group = 'Actions';
  const issues = go('/servers?filter=issues');
  return [
    ...(session.canChange
      ? [{ id: 'register', group, label: 'Register a server', words: 'new add', run: go('/register') } as const]
      : []),
    { id: 'issues', group, label: 'Show servers with issues', words: 'problems unhealthy', run: issues },
    { id: 'light', group, label: 'Theme: light', run: () => look.change({ theme: 'light' }) },
    { id: 'dark', group, label: 'Theme: dark', run: () => look.change({ theme: 'dark' }) },
    { id: 'system', group, label: 'Theme: system', run: () => look.change({ theme: 'system' }) },
    { id: 'keys', group, label: 'Keyboard shortcuts', words: 'help', run: () => void (overlay.shortcuts = true) },
    { id: 'out', group, label: 'Log out', run: () => void session.logOut() },
    ...(location.route.page === 'server' ? ofServer(location.route.path) : []),
  ];
}

/** What can be done with the server whose page is open. */
function ofServer(path: string): Command[] {
  const server = servers.at(path);
  if (!server) return [];
  const group = 'Actions';
  const copy = (): void =>
    void copyText(server.gatewayUrl).then((copied) =>
      toasts.show({ tone: copied ? 'ok' : 'bad', text: copied ? 'Address copied' : 'Copying failed' }),
    );
  const always: Command[] = [
    { id: 'copy', group, label: `Copy the address of ${server.name}`, run: copy },
    { id: 'connect', group, label: `Connect a client to ${server.name}`, run: go(serverHref(path, 'connect')) },
  ];
  if (!session.canChange) return always;
  const check: Command = { id: 'check', group, label: `Check ${server.name} now`, run: () => void checkNow(server) };
  if (isBuiltIn(server)) return [...always, check];
  const word = server.enabled ? 'Disable' : 'Enable';
  return [
    ...always,
    check,
    { id: 'toggle', group, label: `${word} ${server.name}`, run: () => void setEnabled(server, !server.enabled) },
  ];
}

/** All that the palette offers now; tools come from the registry's search. */
export function listCommands(hits: readonly ToolHit[]): Command[] {
  return [
    ...pages(),
    ...actions(),
    ...servers.list.map(({ id, name, path, tags }): Command => ({
      id: `server/${id}`,
      group: 'Servers',
      label: name,
      words: `${path} ${tags.join(' ')}`,
      detail: `/${path}`,
      run: go(serverHref(path)),
    })),
    ...hits.map(({ server, tool, ...said }): Command => ({
      id: `tool/${server}/${tool.name}`,
      group: 'Tools',
      label: showUnseen(tool.name),
      detail: server,
      ...cautionOf(said),
      run: go(`${serverHref(server, 'tools')}?tool=${encodeURIComponent(tool.name)}`),
    })),
  ];
}
