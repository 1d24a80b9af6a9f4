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

/** Each is judged; a batch has no more messages either. */
const MAX_URIS = 1_000;

const NOTHING = emptyMessage();

/** The message that is being read, its members in whatever order they come. One for all bodies, since nothing yields while one is read. */
export const draft = {
  message: NOTHING,
  hasMethod: false,
  hasId: false,
  /** Then nobody knows which is meant. */
  isIdTwice: false,
  hasAnswer: false,
};

/** Lets go of the message. */
export function dropMessage(): void {
  draft.message = NOTHING;
}

/** Begins a message. */
export function startMessage(): void {
  draft.message = emptyMessage();
  draft.hasMethod = false;
  draft.hasId = false;
  draft.isIdTwice = false;
  draft.hasAnswer = false;
}

/** Notes that the message has a known member, whatever its value. */
export function noteMember(member: string): void {
  if (member === 'method') draft.hasMethod = true;
  else if (member === 'id') {
    draft.isIdTwice = draft.hasId;
    draft.hasId = true;
  } else if (member === 'result' || member === 'error') draft.hasAnswer = true;
}

/** Whether the value of a known member is wanted when it is a string. */
export function isWanted(role: Role, member: string): boolean {
  if (role === 'message') return member === 'method';
  return role === 'meta' || member === 'name' || member === 'uri';
}

/** Takes the value of a wanted member. */
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

/** Takes a URI of the resources that a stream is about. */
export function takeUri(value: string | undefined): void {
  const message = draft.message;
  message.uris ??= [];
  if (value === undefined || message.uris.length >= MAX_URIS) message.isFilterUnclear = true;
  else message.uris.push(value);
}

/** Notes that what a stream is about cannot be told. */
export function blurFilter(): void {
  draft.message.isFilterUnclear = true;
}

/** Completes the message, or returns what is wrong with it. */
export function finishMessage(): BodyProblem | undefined {
  const message = draft.message;
  if (!draft.hasMethod) return draft.hasAnswer ? undefined : 'not_a_message';
  if (message.method === undefined) return 'not_a_message';
  message.kind = draft.hasId ? 'request' : 'notification';
  return message.method === 'tools/call' && message.name === undefined ? 'tool_missing' : undefined;
}
