import { isTaskMethod, isUnrestricted, type GrantKind } from '../../../../registry/contract/gate/rules/index.ts';
import type { Refusal } from '../../answers/refusal.ts';
import type { Call } from '../../decide/judge-caller.ts';
import { mayUse } from '../identity/grants.ts';
import type { Message } from '../../json/scan/index.ts';
import { isFree, listUses } from './methods.ts';

const MAX_SHOWN = 128;
const WORDS: Record<GrantKind, [reason: string, verb: string, noun: string]> = {
  tools: ['tool_not_granted', 'call', 'tool'],
  resources: ['resource_not_granted', 'use', 'resource'],
  prompts: ['prompt_not_granted', 'use', 'prompt'],
};

function refuse(reason: string, message: string, hint: string): Refusal {
  return { answer: 'forbidden', reason, message, hint };
}

function refuseName(call: Call, kind: GrantKind, name: string): Refusal {
  const [reason, verb, noun] = WORDS[kind];
  return refuse(
    reason,
    `the agent ${call.key.agent} may not ${verb} ${name.slice(0, MAX_SHOWN)} on ${call.target.place.path}`,
    `ask the operator of this gateway to grant the ${noun}`,
  );
}

function refuseUnapproved(call: Call, tool: string): Refusal {
  return refuse(
    'tool_not_approved',
    `the tool ${tool.slice(0, MAX_SHOWN)} of ${call.target.place.path} is new or has changed, and waits for approval`,
    'ask the operator of this gateway to review the tool and approve it',
  );
}

function refuseMethod(call: Call, method: string): Refusal {
  return refuse(
    'method_not_granted',
    `the agent ${call.key.agent} may not send ${method.slice(0, MAX_SHOWN)} to ${call.target.place.path}: what it uses cannot be determined`,
    'ask the operator of this gateway for a grant for the whole server',
  );
}

function judgeUses(call: Call, message: Message): Refusal | undefined {
  const uses = listUses(message);
  const approved = call.server.tools;
  const { method = '' } = message;
  for (const { kind, name } of uses) {
    if (name === undefined) {
      if (!isUnrestricted(call.granted.rules[kind])) return refuseMethod(call, method);
    } else if (!mayUse(call.granted, kind, name)) return refuseName(call, kind, name);
    else if (kind === 'tools' && approved !== undefined && typeof approved[name] !== 'string')
      return refuseUnapproved(call, name);
  }
  return uses.length > 0 || isFree(message) ? undefined : judgeOther(call, message);
}

/** Judges a message whose uses the gate does not know. */
function judgeOther(call: Call, message: Message): Refusal | undefined {
  const { rules } = call.granted;
  if (isTaskMethod(message.method ?? '') && isUnrestricted(rules.tools)) return undefined;
  return refuseMethod(call, message.method ?? '');
}

/** Refuses the first message that uses something that the agent's grants or the server's tool lock forbid. */
export function judgeMessages(call: Call, messages: readonly Message[]): Refusal | undefined {
  if (!call.granted.isRestricted && call.server.tools === undefined) return undefined;
  for (const message of messages) {
    // A response names nothing.
    if (message.method === undefined) continue;
    const refusal = judgeUses(call, message);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
