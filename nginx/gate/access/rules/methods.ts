import { isFreeMethod, isTaskMethod, type GrantKind } from '../../../../registry/contract/gate/rules/index.ts';
import type { Message } from '../../json/scan/index.ts';

/** A tool, resource or prompt that a message uses, by its name or URI. Undefined name: the message has none that can be judged. */
export interface Use {
  kind: GrantKind;
  name: string | undefined;
}

const LISTEN = 'subscriptions/listen';

/** Whether a message uses nothing that can be granted. A subscription to list changes names nothing: the lists themselves are cut. */
export function isFree({ method = '', uris, isFilterUnclear }: Message): boolean {
  if (method === LISTEN) return uris === undefined && !isFilterUnclear;
  return isFreeMethod(method);
}

/** Subscriptions, brief or long-lived, which are not calls. */
const NO_CALL: Record<string, true | undefined> = {
  'resources/subscribe': true,
  'resources/unsubscribe': true,
  [LISTEN]: true,
};

/** Whether a message counts as a call for limits: the server does something for the agent. Includes methods that MCP does not define. */
export function isCall(method: string): boolean {
  return !isFreeMethod(method) && !isTaskMethod(method) && NO_CALL[method] !== true;
}

function usesOfCompletion({ refName, refUri }: Message): Use[] {
  const uses: Use[] = [];
  if (refName !== undefined) uses.push({ kind: 'prompts', name: refName });
  if (refUri !== undefined) uses.push({ kind: 'resources', name: refUri });
  return uses;
}

/** The resources whose changes a stream reports (`SubscriptionFilter` of MCP 2026-07-28). */
function usesOfListen({ uris, isFilterUnclear }: Message): Use[] {
  const uses: Use[] = [];
  if (isFilterUnclear) uses.push({ kind: 'resources', name: undefined });
  for (const uri of uris ?? []) uses.push({ kind: 'resources', name: uri });
  return uses;
}

/** What a message uses; empty: the gate does not know the method, or what the message refers to. */
export function listUses(message: Message): Use[] {
  const { method, name, uri } = message;
  if (method === 'tools/call') return [{ kind: 'tools', name }];
  if (method === 'prompts/get') return [{ kind: 'prompts', name }];
  if (method === 'resources/read' || method === 'resources/subscribe' || method === 'resources/unsubscribe')
    return [{ kind: 'resources', name: uri }];
  if (method === LISTEN) return usesOfListen(message);
  return method === 'completion/complete' ? usesOfCompletion(message) : [];
}
