import type { Component } from 'svelte';
import type { Tone } from '../servers/status-labels.ts';

export interface Command {
  id: string;
  group: 'Pages' | 'Servers' | 'Agents' | 'Tools' | 'Actions';
  label: string;
  icon: Component<{ size?: number }>;
  /** Search terms in addition to the label: paths, tags. */
  keywords?: string;
  detail?: string;
  /** The state of its target, as a coloured label. */
  state?: { label: string; tone: Tone };
  /** Shown as a badge. */
  warning?: string;
  run: () => void;
}

/** How well a command matches, 0 (no match) to 5: prefix, word prefix, substring, keyword, then letters in order. */
export function rankCommand({ label, keywords = '' }: Pick<Command, 'label' | 'keywords'>, query: string): number {
  const needle = query.trim().toLowerCase();
  if (needle === '') return 1;
  const text = label.toLowerCase();
  if (text.startsWith(needle)) return 5;
  if (text.split(/[\s/._-]+/).some((word) => word.startsWith(needle))) return 4;
  if (text.includes(needle)) return 3;
  const terms = needle.split(/\s+/);
  if (terms.every((term) => `${text}\n${keywords.toLowerCase()}`.includes(term))) return 2;
  let at = -1;
  const inOrder = Array.from(needle).every((letter) => (at = text.indexOf(letter, at + 1)) >= 0);
  return inOrder && needle.length > 2 ? 1 : 0;
}

const ORDER = ['Pages', 'Actions', 'Servers', 'Agents', 'Tools'] as const;
const MAX_PER_GROUP = 8;

/** The matching commands by group, best match first: the group of the best match, and within each group. */
export function rankCommands(commands: readonly Command[], query: string): Command[] {
  const groups = ORDER.map((group) =>
    commands
      .filter((command) => command.group === group)
      .map((command) => ({ command, rank: group === 'Tools' ? 1 : rankCommand(command, query) }))
      .filter(({ rank }) => rank > 0)
      .sort((a, b) => b.rank - a.rank)
      .slice(0, MAX_PER_GROUP),
  );
  return groups
    .sort((a, b) => (b[0]?.rank ?? 0) - (a[0]?.rank ?? 0))
    .flatMap((group) => group.map(({ command }) => command));
}
