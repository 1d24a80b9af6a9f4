import { fromLocalInput } from './grant-draft.ts';

/** How long a new key is valid: days, without expiry, or until a date. */
export const KEY_LIFETIMES = [
  { value: '1', label: 'in a day' },
  { value: '30', label: 'in 30 days' },
  { value: '90', label: 'in 90 days' },
  { value: '365', label: 'in a year' },
  { value: 'never', label: 'never' },
  { value: 'date', label: 'on a date…' },
] as const;
export type KeyLifetime = (typeof KEY_LIFETIMES)[number]['value'];

/** When a key of this lifetime expires, ISO 8601; null: never. `until` is the local time of an input, for "date". */
export function readLifetime(lifetime: KeyLifetime, until: string, nowMs: number): string | null {
  if (lifetime === 'never') return null;
  if (lifetime === 'date') return fromLocalInput(until);
  return new Date(nowMs + Number(lifetime) * 86_400_000).toISOString();
}
