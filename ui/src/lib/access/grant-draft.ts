import type { Grant, Hours } from '@mcpgw/registry/contract';

const GRANT_KINDS = ['tools', 'resources', 'prompts'] as const;
export type GrantKindName = (typeof GRANT_KINDS)[number];
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** A grant while it is edited: selectors as lines of text, times as form fields hold them. */
export interface GrantDraft {
  /** For keyed lists only. */
  id: number;
  server: string;
  isDeny: boolean;
  /** All tools, resources and prompts; the lists below are then ignored. */
  isWhole: boolean;
  tools: string;
  resources: string;
  prompts: string;
  hasHours: boolean;
  hours: Hours;
  /** Local date and time of an input (2027-01-01T09:00), '' for never. */
  expiresAt: string;
}

let nextId = 1;

const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The initial values of an empty form. */
export function newDraft(server = ''): GrantDraft {
  return {
    id: nextId++,
    server,
    isDeny: false,
    isWhole: true,
    tools: '',
    resources: '',
    prompts: '',
    hasHours: false,
    hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00', zone: ownZone() },
    expiresAt: '',
  };
}

/** ISO 8601 → the local text of `<input type="datetime-local">`. */
export function toLocalInput(iso: string | null): string {
  if (iso === null) return '';
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The local text of an input → ISO 8601, or null for ''. */
export function fromLocalInput(text: string): string | null {
  return text === '' ? null : new Date(text).toISOString();
}

/** A stored grant as a draft. */
export function toDraft(grant: Grant): GrantDraft {
  const isWhole = GRANT_KINDS.every((kind) => grant[kind].length === 1 && grant[kind][0] === '*');
  const text = (kind: GrantKindName): string => (isWhole ? '' : grant[kind].join('\n'));
  const empty = newDraft(grant.server);
  return {
    ...empty,
    isDeny: grant.effect === 'deny',
    isWhole,
    tools: text('tools'),
    resources: text('resources'),
    prompts: text('prompts'),
    hasHours: grant.hours !== undefined,
    hours: grant.hours ?? empty.hours,
    expiresAt: toLocalInput(grant.expiresAt ?? null),
  };
}

/** Lines or comma-separated selectors; URIs may contain commas, so those are only split at line ends. */
export function parseSelectors(text: string, kind: GrantKindName): string[] {
  const parts = text.split(kind === 'resources' ? /\n/ : /[\n,]/).map((part) => part.trim());
  return [...new Set(parts.filter(Boolean))];
}

/** A draft in the format of the API. */
export function toGrant(draft: GrantDraft): Grant {
  const list = (kind: GrantKindName): string[] => (draft.isWhole ? ['*'] : parseSelectors(draft[kind], kind));
  const expiresAt = fromLocalInput(draft.expiresAt);
  return {
    server: draft.server.trim().replace(/^\/+/, ''),
    tools: list('tools'),
    resources: list('resources'),
    prompts: list('prompts'),
    ...(draft.isDeny && { effect: 'deny' as const }),
    ...(draft.hasHours && { hours: draft.hours }),
    ...(expiresAt !== null && { expiresAt }),
  };
}

/** Adds a selector on its own line, unless it is already present. */
export function addSelector(text: string, selector: string, kind: GrantKindName): string {
  return parseSelectors(text, kind).includes(selector) ? text : [text.trimEnd(), selector].filter(Boolean).join('\n');
}
