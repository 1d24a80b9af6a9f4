import type { AgentView, KeyView } from '@mcpgw/registry/contract';
import Bot from '@lucide/svelte/icons/bot';
import KeyRound from '@lucide/svelte/icons/key-round';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import Power from '@lucide/svelte/icons/power';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Trash2 from '@lucide/svelte/icons/trash-2';
import { describeExpiry } from '../../lib/access/key-status.ts';
import { capitalize } from '../../lib/format/format.ts';
import type { Command } from '../../lib/navigation/rank-commands.ts';
import { agentHref } from '../../lib/navigation/routes.ts';
import { setAgentEnabled } from '../../state/access/agent-actions.ts';
import { nameOfKey, revokeWhenConfirmed } from '../../state/access/key-actions.ts';
import { clock } from '../../state/app/clock.svelte.ts';
import { location } from '../../state/app/location.svelte.ts';
import { overlay } from '../../state/app/overlay.svelte.ts';
import { session } from '../../state/app/session.svelte.ts';
import { attention } from '../../state/servers/attention.svelte.ts';

/** Maximum number of named agents and keys that are listed with their actions. */
const MAX_WITH_ACTIONS = 2;
const words = (query: string): string[] => query.trim().toLowerCase().split(/\s+/);
/** "revoke ci", "stop planner": whether one of the words is a part of a name. */
const isNamed = (typed: readonly string[], name: string): boolean =>
  typed.some((word) => word.length > 2 && name.toLowerCase().includes(word));

function actionsOf(agent: AgentView): Command[] {
  const { name, enabled, managedBy } = agent;
  const common = { group: 'Actions', detail: 'agent' } as const;
  const list: Command[] = [];
  if (session.canChange)
    list.push({
      ...{ ...common, id: `calls/${name}`, icon: ScrollText, label: `Calls of ${name}` },
      run: () => void location.go(`/activity?agent=${encodeURIComponent(name)}`),
    });
  if (session.isAdmin && managedBy === null)
    list.push({
      ...{ ...common, id: `toggle-agent/${name}`, icon: Power, label: `${enabled ? 'Disable' : 'Enable'} ${name}` },
      run: () => void setAgentEnabled(agent, !enabled),
    });
  if (session.isAdmin)
    list.push({
      ...{ ...common, id: `stop-agent/${name}`, icon: OctagonX, label: `Stop ${name}…`, keywords: 'kill switch' },
      run: () => void (overlay.kill = { scope: 'agent', target: name }),
    });
  return list;
}

interface OwnedKey extends KeyView {
  agent: string;
}

const toAgent = ({ name, description, tags, enabled, owner }: AgentView): Command => ({
  id: `agent/${name}`,
  group: 'Agents',
  icon: Bot,
  label: name,
  keywords: `${description} ${owner} ${tags.join(' ')}`,
  detail: description || owner,
  ...(enabled ? {} : { state: { label: 'Disabled', tone: 'mute' } }),
  run: () => void location.go(agentHref(name)),
});

function toKey(key: OwnedKey): Command {
  const expiry = describeExpiry(key.expiresAt, clock.nowMs);
  return {
    id: `key/${key.id}`,
    group: 'Agents',
    icon: KeyRound,
    label: `Key ${nameOfKey(key)}`,
    keywords: `${key.agent} ${key.hint}`,
    detail: `of ${key.agent}`,
    ...(expiry.tone === 'mute' ? {} : { state: { label: capitalize(expiry.label), tone: expiry.tone } }),
    run: () => void location.go(agentHref(key.agent)),
  };
}

const toRevocation = (key: OwnedKey): Command => ({
  id: `revoke/${key.id}`,
  group: 'Actions',
  icon: Trash2,
  label: `Revoke key ${nameOfKey(key)}…`,
  keywords: `${key.agent} ${key.hint}`,
  detail: `of ${key.agent}`,
  run: () => void revokeWhenConfirmed(key.agent, key),
});

/** Agents and their keys, with actions for those that are named; keys are found by label and last characters. */
export function agentCommands(query: string): Command[] {
  const typed = words(query);
  const { agents } = attention;
  // Without a query there would be too many.
  const keys: OwnedKey[] =
    query.trim() === '' ? [] : agents.flatMap((agent) => agent.keys.map((key) => ({ ...key, agent: agent.name })));
  const revocable = session.isAdmin
    ? keys.filter((key) => key.managedBy === null && isNamed(typed, nameOfKey(key)))
    : [];
  return [
    ...agents
      .filter(({ name }) => isNamed(typed, name))
      .slice(0, MAX_WITH_ACTIONS)
      .flatMap(actionsOf),
    ...revocable.slice(0, MAX_WITH_ACTIONS).map(toRevocation),
    ...agents.map(toAgent),
    ...keys.map(toKey),
  ];
}
