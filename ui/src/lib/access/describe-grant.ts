import type { Grant, Hours } from '@mcpgw/registry/contract';

const KINDS = ['tools', 'resources', 'prompts'] as const;
const DAY_LABELS: Record<Hours['days'][number], string> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};

/** Whether a grant covers a whole server. */
function isWhole(grant: Pick<Grant, 'tools' | 'resources' | 'prompts'>): boolean {
  return KINDS.every((kind) => grant[kind].length === 1 && grant[kind][0] === '*');
}

/** "all tools, resources and prompts", "tools get_*, !get_secret; resources docs://*": the part of a server a grant covers. */
export function describeWhat(grant: Pick<Grant, 'tools' | 'resources' | 'prompts'>): string {
  if (isWhole(grant)) return 'all tools, resources and prompts';
  return KINDS.filter((kind) => grant[kind].length > 0)
    .map((kind) => `${kind} ${grant[kind].join(', ')}`)
    .join('; ');
}

/** "Mon–Fri 09:00 to 17:00, Europe/Berlin". */
export function describeHours({ days, from, to, zone }: Hours): string {
  const order = Object.keys(DAY_LABELS);
  const indexes = days.map((day) => order.indexOf(day)).sort((a, b) => a - b);
  const first = indexes[0] ?? 0;
  const isRun = indexes.length > 2 && indexes.every((index, position) => index === first + position);
  const label = (index: number): string => Object.values(DAY_LABELS)[index] ?? '';
  const names = isRun ? `${label(first)}–${label(indexes.at(-1) ?? 0)}` : indexes.map(label).join(', ');
  return `${names} ${from === to ? 'all day' : `${from} to ${to}`}, ${zone}`;
}

/** "all servers", "a, b + 1": the servers to which grants allow access, in short. */
export function summarizeGrants(grants: readonly Pick<Grant, 'server' | 'effect'>[]): string {
  const allowed = [...new Set(grants.filter(({ effect }) => effect !== 'deny').map(({ server }) => server))];
  if (allowed.length === 0) return 'nothing';
  if (allowed.includes('*')) return 'all servers';
  return allowed.length <= 2 ? allowed.join(', ') : `${allowed.slice(0, 2).join(', ')} + ${allowed.length - 2}`;
}
