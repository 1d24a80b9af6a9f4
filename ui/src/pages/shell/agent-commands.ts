import type { AgentView } from '@mcpgw/registry/contract';
import Bot from '@lucide/svelte/icons/bot';
import KeyRound from '@lucide/svelte/icons/key-round';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import type { Command } from '../../lib/navigation/rank-commands.ts';
import { agentHref } from '../../lib/navigation/routes.ts';
import { location } from '../../state/app/location.svelte.ts';
import { overlay } from '../../state/app/overlay.svelte.ts';
import { session } from '../../state/app/session.svelte.ts';
import { attention } from '../../state/servers/attention.svelte.ts';

const MAX_WITH_ACTIONS = 2;

function actionsOf({ name }: AgentView): Command[] {
  const common = { group: 'Actions', detail: 'agent' } as const;
  const list: Command[] = [];
  if (session.canChange)
    list.push({
      ...{ ...common, id: `calls/${name}`, icon: ScrollText, label: `Calls of ${name}` },
      run: () => void location.go(`/activity?agent=${encodeURIComponent(name)}`),
    });
  if (session.isAdmin)
    list.push({
      ...{ ...common, id: `stop-agent/${name}`, icon: OctagonX, label: `Stop ${name}…`, keywords: 'kill switch' },
      run: () => void (overlay.kill = { scope: 'agent', target: name }),
    });
  return list;
}

/** Agents and their keys; keys are found by label and the end of their text. */
export function agentCommands(query: string): Command[] {
  const typed = query.trim().toLowerCase();
  const named =
    typed.length < 2
      ? []
      : attention.agents.filter(({ name }) =>
          typed.split(/\s+/).some((word) => word.length > 2 && name.includes(word)),
        );
  return [
    ...named.slice(0, MAX_WITH_ACTIONS).flatMap(actionsOf),
    ...attention.agents.map(({ name, description, tags, enabled, owner }): Command => ({
      id: `agent/${name}`,
      group: 'Agents',
      icon: Bot,
      label: name,
      keywords: `${description} ${owner} ${tags.join(' ')}`,
      detail: description || owner,
      ...(enabled ? {} : { state: { label: 'Disabled', tone: 'mute' } }),
      run: () => void location.go(agentHref(name)),
    })),
    // Without a query they would be many.
    ...(typed === ''
      ? []
      : attention.agents.flatMap(({ name, keys }) =>
          keys.map(({ id, label, hint }): Command => ({
            id: `key/${id}`,
            group: 'Agents',
            icon: KeyRound,
            label: `Key ${label || `…${hint}`}`,
            keywords: `${name} ${hint}`,
            detail: `of ${name}`,
            run: () => void location.go(agentHref(name)),
          })),
        )),
  ];
}
