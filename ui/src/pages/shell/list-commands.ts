import { showInvisible, type ToolHit } from '@mcpgw/registry/contract';
import { toolWarning } from '../../lib/tools/tool-warning.ts';
import { copyText } from '../../lib/dom/copy-text.ts';
import { isBuiltIn } from '../../lib/servers/is-built-in.ts';
import { NAVIGATION } from '../../lib/navigation/navigation.ts';
import type { Command } from '../../lib/navigation/rank-commands.ts';
import { serverHref } from '../../lib/navigation/routes.ts';
import { location } from '../../state/app/location.svelte.ts';
import { appearance } from '../../state/app/appearance.svelte.ts';
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
  const issues = go('/servers?filter=attention');
  return [
    ...(session.canChange
      ? [{ id: 'register', group, label: 'Register a server', keywords: 'new add', run: go('/register') } as const]
      : []),
    {
      id: 'attention',
      group,
      label: 'Show servers that need attention',
      keywords: 'problems unhealthy issues flagged blocked',
      run: issues,
    },
    ...(session.isAdmin
      ? [
          {
            id: 'kill',
            group,
            label: 'Stop everything…',
            keywords: 'kill switch emergency',
            run: () => void (overlay.kill = { scope: 'all', target: null }),
          } as const,
        ]
      : []),
    { id: 'light', group, label: 'Theme: light', run: () => appearance.update({ theme: 'light' }) },
    { id: 'dark', group, label: 'Theme: dark', run: () => appearance.update({ theme: 'dark' }) },
    { id: 'system', group, label: 'Theme: system', run: () => appearance.update({ theme: 'system' }) },
    { id: 'keys', group, label: 'Keyboard shortcuts', keywords: 'help', run: () => void (overlay.shortcuts = true) },
    { id: 'out', group, label: 'Log out', run: () => void session.logOut() },
    ...(location.route.page === 'server' ? serverCommands(location.route.path) : []),
  ];
}

/** Commands for the server whose page is open. */
function serverCommands(path: string): Command[] {
  const server = servers.at(path);
  if (!server) return [];
  const group = 'Actions';
  const copy = (): void =>
    void copyText(server.gatewayUrl).then((copied) =>
      toasts.show({ tone: copied ? 'ok' : 'bad', text: copied ? 'URL copied' : 'Copy failed' }),
    );
  const common: Command[] = [
    { id: 'copy', group, label: `Copy the URL of ${server.name}`, run: copy },
    { id: 'connect', group, label: `Connect a client to ${server.name}`, run: go(serverHref(path, 'connect')) },
  ];
  if (!session.canChange) return common;
  const check: Command = { id: 'check', group, label: `Check ${server.name} now`, run: () => void checkNow(server) };
  if (isBuiltIn(server)) return [...common, check];
  const verb = server.enabled ? 'Disable' : 'Enable';
  return [
    ...common,
    check,
    { id: 'toggle', group, label: `${verb} ${server.name}`, run: () => void setEnabled(server, !server.enabled) },
  ];
}

/** All commands of the palette; tools are results of the registry's search. */
export function listCommands(hits: readonly ToolHit[]): Command[] {
  return [
    ...pages(),
    ...actions(),
    ...servers.list.map(({ id, name, path, tags }): Command => ({
      id: `server/${id}`,
      group: 'Servers',
      label: name,
      keywords: `${path} ${tags.join(' ')}`,
      detail: `/${path}`,
      run: go(serverHref(path)),
    })),
    ...hits.map(({ server, tool, ...status }): Command => ({
      id: `tool/${server}/${tool.name}`,
      group: 'Tools',
      label: showInvisible(tool.name),
      detail: server,
      ...toolWarning(status),
      run: go(`${serverHref(server, 'tools')}?tool=${encodeURIComponent(tool.name)}`),
    })),
  ];
}
