import type { GrantKind } from '../../../registry/contract/gate/rules/index.ts';
import type { Message } from '../scan/index.ts';

/** What a message uses of a server: something of a kind, by its name or URI. Undefined name: the message says none that can be judged. */
export interface Use {
  kind: GrantKind;
  name: string | undefined;
}

/** Methods that use nothing that can be granted. Lists are among them: their replies are filtered. */
const FREE: Record<string, true | undefined> = {
  initialize: true,
  ping: true,
  'server/discover': true,
  'logging/setLevel': true,
  'tools/list': true,
  'resources/list': true,
  'resources/templates/list': true,
  'prompts/list': true,
};

/** Whether a message uses nothing that can be granted. */
export function isFree({ method = '' }: Message): boolean {
  return FREE[method] === true || method.startsWith('notifications/');
}

/** Tasks are the results of tool calls, of whichever tool and agent. */
export function isAboutTasks({ method = '' }: Message): boolean {
  return method.startsWith('tasks/');
}

function usesOfCompletion({ refName, refUri }: Message): Use[] {
  const uses: Use[] = [];
  if (refName !== undefined) uses.push({ kind: 'prompts', name: refName });
  if (refUri !== undefined) uses.push({ kind: 'resources', name: refUri });
  return uses;
}

/** What a message uses; empty: the gate does not know the method, or what it is about. */
export function listUses(message: Message): Use[] {
  const { method, name, uri } = message;
  if (method === 'tools/call') return [{ kind: 'tools', name }];
  if (method === 'prompts/get') return [{ kind: 'prompts', name }];
  if (method === 'resources/read' || method === 'resources/subscribe' || method === 'resources/unsubscribe')
    return [{ kind: 'resources', name: uri }];
  return method === 'completion/complete' ? usesOfCompletion(message) : [];
}
