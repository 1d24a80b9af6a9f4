import { showInvisible, type ToolHit } from '@mcpgw/registry/contract';
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark';
import LogOut from '@lucide/svelte/icons/log-out';
import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import Plus from '@lucide/svelte/icons/plus';
import Sun from '@lucide/svelte/icons/sun';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import Wrench from '@lucide/svelte/icons/wrench';
import { NAVIGATION } from '../../lib/navigation/navigation.ts';
import type { Command } from '../../lib/navigation/rank-commands.ts';
import { serverHref } from '../../lib/navigation/routes.ts';
import { toolWarning } from '../../lib/tools/tool-warning.ts';
import { location } from '../../state/app/location.svelte.ts';
import { appearance } from '../../state/app/appearance.svelte.ts';
import { overlay } from '../../state/app/overlay.svelte.ts';
import { session } from '../../state/app/session.svelte.ts';
import { agentCommands } from './agent-commands.ts';
import { serverCommands } from './server-commands.ts';

const go = (to: string) => () => void location.go(to);

function pages(): Command[] {
  return NAVIGATION.map(({ page, label, to, icon }) => ({
    ...{ id: `page/${page}`, group: 'Pages', label, icon, run: go(to) },
  }));
}

function actions(): Command[] {
  const group = 'Actions' as const;
  return [
    ...(session.canChange
      ? [
          {
            ...{ id: 'register', group, icon: Plus, label: 'Register a server', keywords: 'new add' },
            detail: 'URL, mcpServers block or command',
            run: go('/register'),
          },
        ]
      : []),
    {
      ...{ id: 'attention', group, icon: TriangleAlert, label: 'Show servers that need attention' },
      keywords: 'problems unhealthy issues flagged blocked',
      run: go('/servers?filter=attention'),
    },
    ...(session.isAdmin
      ? [
          {
            ...{ id: 'kill', group, icon: OctagonX, label: 'Stop everything…', keywords: 'kill switch emergency' },
            detail: 'refuses every call until it is resumed',
            run: () => void (overlay.kill = { scope: 'all', target: null }),
          },
        ]
      : []),
    { id: 'light', group, icon: Sun, label: 'Theme: light', run: () => appearance.update({ theme: 'light' }) },
    { id: 'dark', group, icon: Moon, label: 'Theme: dark', run: () => appearance.update({ theme: 'dark' }) },
    { id: 'system', group, icon: Monitor, label: 'Theme: system', run: () => appearance.update({ theme: 'system' }) },
    {
      ...{ id: 'keys', group, icon: CircleQuestionMark, label: 'Keyboard shortcuts', keywords: 'help' },
      run: () => void (overlay.shortcuts = true),
    },
    { id: 'out', group, icon: LogOut, label: 'Log out', run: () => void session.logOut() },
  ];
}

/** All commands of the palette for a query; tools are results of the registry's search. */
export function listCommands(query: string, hits: readonly ToolHit[]): Command[] {
  return [
    ...pages(),
    ...actions(),
    ...serverCommands(query),
    ...agentCommands(query),
    ...hits.map(({ server, tool, ...status }): Command => ({
      id: `tool/${server}/${tool.name}`,
      group: 'Tools',
      icon: Wrench,
      label: showInvisible(tool.name),
      detail: server,
      ...toolWarning(status),
      run: go(`${serverHref(server, 'tools')}?tool=${encodeURIComponent(tool.name)}`),
    })),
  ];
}
