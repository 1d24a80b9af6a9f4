import type { AuditEntry } from '@mcpgw/registry/contract';
import { agentHref, agentsHref, serverHref } from '../navigation/routes.ts';

type Value = AuditEntry['before'];
const LABELS: Record<string, string> = { 'user.logged_out': 'User logged out everywhere' };

/** "server.changed" → "Server changed". */
export function describeAction(action: string): string {
  const text = LABELS[action] ?? action.replaceAll(/[._]/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The path of the target of a change in the UI, or null. */
export function targetHref(target: string): string | null {
  if (target.startsWith('agent:')) return agentHref(target.slice('agent:'.length));
  if (target.startsWith('group:')) return agentsHref('groups');
  if (target.startsWith('user:') || target === 'settings') return '/settings';
  return /^[a-z0-9][a-z0-9._/-]*$/.test(target) && target !== 'access' ? serverHref(target) : null;
}

function isObject(value: Value): value is Record<string, Value> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => sortKeys(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, sortKeys(item)]),
  );
}

/** A recorded value as lines of text with names in order, so that equal values are equal text; '' for nothing. */
export function toLines(value: Value): string {
  return value === null ? '' : JSON.stringify(sortKeys(value), null, 2);
}

/** Names of the members that differ; empty if one side is missing. */
export function changedNames(before: Value, after: Value): string[] {
  if (!isObject(before) || !isObject(after)) return [];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => toLines(before[name] ?? null) !== toLines(after[name] ?? null)).sort();
}
