export interface Command {
  id: string;
  group: 'Pages' | 'Servers' | 'Tools' | 'Actions';
  label: string;
  /** Found by, beside the label: paths, tags. */
  words?: string;
  detail?: string;
  /** A word of caution. */
  caution?: string;
  run: () => void;
}

/** How well a command fits: 0 not at all; what begins with the text before what contains it, and either before letters in order. */
export function rankCommand({ label, words = '' }: Pick<Command, 'label' | 'words'>, typed: string): number {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return 1;
  const text = label.toLowerCase();
  if (text.startsWith(wanted)) return 5;
  if (text.split(/[\s/._-]+/).some((word) => word.startsWith(wanted))) return 4;
  if (text.includes(wanted)) return 3;
  const parts = wanted.split(/\s+/);
  if (parts.every((part) => `${text}\n${words.toLowerCase()}`.includes(part))) return 2;
  let at = -1;
  const inOrder = Array.from(wanted).every((letter) => (at = text.indexOf(letter, at + 1)) >= 0);
  return inOrder && wanted.length > 2 ? 1 : 0;
}

const ORDER = ['Pages', 'Actions', 'Servers', 'Tools'] as const;
const MOST_EACH = 8;

/** The commands that fit, best first within their groups; groups keep their order. */
export function rankCommands(commands: readonly Command[], typed: string): Command[] {
  return ORDER.flatMap((group) =>
    commands
      .filter((command) => command.group === group)
      .map((command) => ({ command, rank: group === 'Tools' ? 1 : rankCommand(command, typed) }))
      .filter(({ rank }) => rank > 0)
      .sort((a, b) => b.rank - a.rank)
      .slice(0, MOST_EACH)
      .map(({ command }) => command),
  );
}
