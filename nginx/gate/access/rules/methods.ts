import { isFreeMethod, isTaskMethod, type GrantKind } from '../../../../registry/contract/gate/rules/index.ts';
import type { Message } from '../../json/scan/index.ts';

/** What a message uses of a server: something of a kind, by its name or URI. Undefined name: the message says none that can be judged. */
export interface Use {
  kind: GrantKind;
  name: string | undefined;
}

const LISTEN = 'subscriptions/listen';

/** Whether a message uses nothing that can be granted. A subscription to changes of lists names nothing: what the lists show is cut. */
export function isFree({ method = '', uris, isFilterUnclear }: Message): boolean {
  if (method === LISTEN) return uris === undefined && !isFilterUnclear;
  return isFreeMethod(method);
}

/** What stands for a moment and what stands for long: neither is a call of something. */
const NO_CALL: Record<string, true | undefined> = {
  'resources/subscribe': true,
  'resources/unsubscribe': true,
  [LISTEN]: true,
};

/** Whether a message makes the server do something for the agent, for limits of calls: also what MCP does not define. */
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

/** What a message uses; empty: the gate does not know the method, or what it is about. */
export function listUses(message: Message): Use[] {
  const { method, name, uri } = message;
  if (method === 'tools/call') return [{ kind: 'tools', name }];
  if (method === 'prompts/get') return [{ kind: 'prompts', name }];
  if (method === 'resources/read' || method === 'resources/subscribe' || method === 'resources/unsubscribe')
    return [{ kind: 'resources', name: uri }];
  if (method === LISTEN) return usesOfListen(message);
  return method === 'completion/complete' ? usesOfCompletion(message) : [];
}
