import {
  decideName,
  isFreeMethod,
  isTaskMethod,
  isUnrestricted,
  type GrantKind,
  type Rules,
} from '../../contract/index.ts';
import type { CallSum } from '../../store/index.ts';

const KINDS = ['tools', 'prompts', 'resources'] as const;
const KIND_OF: Record<string, GrantKind | undefined> = {
  'tools/call': 'tools',
  'prompts/get': 'prompts',
  'resources/read': 'resources',
  'resources/subscribe': 'resources',
  'resources/unsubscribe': 'resources',
};

/** Judges a method by itself, as the gate does; undefined: it depends on data that is not recorded. */
function allowsMethod(rules: Rules, method: string, sum: CallSum): boolean | undefined {
  if (isFreeMethod(method) || method === 'subscriptions/listen') return true;
  const kind = KIND_OF[method];
  if (kind !== undefined) return isUnrestricted(rules[kind]) || sum[kind].length > 0 ? true : undefined;
  if (isTaskMethod(method)) return isUnrestricted(rules.tools);
  if (method !== 'completion/complete') return false;
  return isUnrestricted(rules.prompts) && isUnrestricted(rules.resources) ? true : undefined;
}

/** Whether grants allow such requests; undefined: what they used is not recorded. */
export function allowsRequests(rules: Rules | undefined, sum: CallSum): boolean | undefined {
  if (rules === undefined) return false;
  if (KINDS.every((kind) => isUnrestricted(rules[kind]))) return true;
  if (KINDS.some((kind) => sum[kind].some((name) => !decideName(rules[kind], name).allowed))) return false;
  const judged = sum.methods.map((method) => allowsMethod(rules, method, sum));
  return judged.includes(false) ? false : judged.includes(undefined) ? undefined : true;
}
