import type { Role } from './members.ts';
import type { BodyProblem, Message } from './types.ts';

function emptyMessage(): Message {
  return {
    kind: 'response',
    method: undefined,
    id: undefined,
    name: undefined,
    uri: undefined,
    refName: undefined,
    refUri: undefined,
    uris: undefined,
    isFilterUnclear: false,
    version: undefined,
  };
}

/** Each is judged; a batch is limited to the same number of messages. */
const MAX_URIS = 1_000;

const NOTHING = emptyMessage();

/** The message that is being read; its members may arrive in any order. One for all bodies, since nothing yields while one is read. */
export const draft = {
  message: NOTHING,
  hasMethod: false,
  hasId: false,
  /** If so, which of them is meant is unknown. */
  isIdTwice: false,
  hasResponse: false,
};

/** Releases the message. */
export function dropMessage(): void {
  draft.message = NOTHING;
}

/** Begins a message. */
export function startMessage(): void {
  draft.message = emptyMessage();
  draft.hasMethod = false;
  draft.hasId = false;
  draft.isIdTwice = false;
  draft.hasResponse = false;
}

/** Notes that the message has a known member, whatever its value. */
export function noteMember(member: string): void {
  if (member === 'method') draft.hasMethod = true;
  else if (member === 'id') {
    draft.isIdTwice = draft.hasId;
    draft.hasId = true;
  } else if (member === 'result' || member === 'error') draft.hasResponse = true;
}

/** Whether the value of a known member is needed when it is a string. */
export function isNeeded(role: Role, member: string): boolean {
  if (role === 'message') return member === 'method';
  return role === 'meta' || member === 'name' || member === 'uri';
}

/** Stores the value of a needed member. */
export function takeText(role: Role, member: string, value: string | undefined): void {
  const message = draft.message;
  if (role === 'message') message.method = value;
  else if (role === 'meta') message.version = value;
  else if (role === 'ref') {
    if (member === 'name') message.refName = value;
    else message.refUri = value;
  } else if (member === 'name') message.name = value;
  else message.uri = value;
}

/** Stores the URI of a resource that a stream subscribes to. */
export function takeUri(value: string | undefined): void {
  const message = draft.message;
  message.uris ??= [];
  if (value === undefined || message.uris.length >= MAX_URIS) message.isFilterUnclear = true;
  else message.uris.push(value);
}

/** Notes that what a stream subscribes to cannot be determined. */
export function markFilterUnclear(): void {
  draft.message.isFilterUnclear = true;
}

/** Completes the message, or returns what is wrong with it. */
export function finishMessage(): BodyProblem | undefined {
  const message = draft.message;
  if (!draft.hasMethod) return draft.hasResponse ? undefined : 'not_a_message';
  if (message.method === undefined) return 'not_a_message';
  message.kind = draft.hasId ? 'request' : 'notification';
  return message.method === 'tools/call' && message.name === undefined ? 'tool_missing' : undefined;
}
