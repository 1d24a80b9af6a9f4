import { AFTER_ELEMENT, AFTER_MEMBER, END } from './lexer/index.ts';
import { createKeyList, type KeyList } from './keys/index.ts';
import { recognize, recognized, roleBelow, type Role } from './members.ts';
import {
  draft,
  dropMessage,
  finishMessage,
  isNeeded,
  markFilterUnclear,
  noteMember,
  startMessage,
  takeText,
  takeUri,
} from './message.ts';
import { byteAt } from './text/bytes.ts';
import { decodeClear } from './text/codes.ts';
import type { BodyProblem, Limits, Message } from './types.ts';

const QUOTE = 34;
const SMALL_LETTERS = 97;
/** The id is repeated in every response of the gate. */
const MAX_ID_BYTES = 1024;

/** An object or array that is open, or the body itself. */
interface Frame {
  role: Role;
  /** Number of the object in the body. */
  object: number;
  /** The known member whose value is being read; empty: none. */
  member: string;
  /** The state of the lexer after a value. */
  after: number;
  keys: KeyList;
}

// One stack for all bodies, since nothing yields while one is read. The lowest frame is the body.
const frames: Frame[] = [];

function frameAt(depth: number): Frame {
  const frame = frames[depth];
  if (frame !== undefined) return frame;
  const added: Frame = { role: 'other', object: 0, member: '', after: END, keys: createKeyList() };
  frames[depth] = added;
  return added;
}

const NO_MESSAGES: Message[] = [];

/** What is known of the body while it is read. */
const current = {
  text: '',
  limits: { maxDepth: 0, maxMembers: 0, maxEscapedKeys: 0, maxMessages: 0, hashSeed: 0 } as Limits,
  isBatch: false,
  messages: NO_MESSAGES,
  /** What is wrong with the content of the messages. Reading continues, for the id and because the body may not be JSON at all. */
  problem: undefined as BodyProblem | undefined,
  /** The known member that another member's name resembles, when that is the problem. */
  almost: '',
  depth: 0,
  /** The greatest depth so far. */
  deepest: 0,
  frame: frameAt(0),
  objects: 0,
  escapedKeys: 0,
  /** Bytes of strings that had to be decoded. */
  decodedBytes: 0,
};

export { current as reading };

/** Begins reading a body. */
export function startReading(text: string, limits: Limits): void {
  current.text = text;
  current.limits = limits;
  current.isBatch = false;
  current.messages = NO_MESSAGES;
  current.problem = undefined;
  current.depth = 0;
  current.deepest = 0;
  current.frame = frameAt(0);
  current.objects = 0;
  current.escapedKeys = 0;
  current.decodedBytes = 0;
  startMessage();
}

/** Releases the body and what was read from it, which may be megabytes. */
export function dropReading(): void {
  current.text = '';
  current.messages = NO_MESSAGES;
  dropMessage();
}

/** Notes the first problem. A duplicate key takes precedence over all others, since nothing else is certain then. */
export function complain(problem: BodyProblem): void {
  if (current.problem === undefined || problem === 'key_twice') current.problem = problem;
}

function roleOf(isObject: boolean): Role {
  const above = current.frame;
  if (current.depth === 0) return isObject ? 'message' : 'batch';
  if (above.role === 'other') return 'other';
  if (above.role === 'filter' && above.member !== '' && !isObject) return 'uris';
  // An object or array where the URI of a resource is expected, or an array in place of the filter.
  if (above.role === 'uris' || above.member === (isObject ? 'resourceSubscriptions' : 'notifications'))
    markFilterUnclear();
  if (isObject) return roleBelow(above.role, above.member);
  if (above.role === 'batch') complain('not_a_message');
  return 'other';
}

function openMessage(): BodyProblem | undefined {
  if (current.messages.length >= current.limits.maxMessages) return 'too_many_messages';
  if (current.isBatch) startMessage();
  return undefined;
}

/** Enters an object or array. A returned problem ends the reading of the body. */
export function open(isObject: boolean): BodyProblem | undefined {
  const role = roleOf(isObject);
  current.depth += 1;
  if (current.depth > current.limits.maxDepth) return 'too_deep';
  const frame = frameAt(current.depth);
  current.frame = frame;
  frame.role = role;
  frame.member = '';
  frame.after = isObject ? AFTER_MEMBER : AFTER_ELEMENT;
  current.objects += 1;
  frame.object = current.objects;
  const keys = frame.keys;
  keys.next = 0;
  keys.hashed = 0;
  if (current.depth > current.deepest) {
    // The contents of the list are from an earlier body.
    current.deepest = current.depth;
    keys.count = 0;
  }
  if (role === 'batch') current.isBatch = true;
  return role === 'message' ? openMessage() : undefined;
}

/** Leaves an object or array. */
export function close(): void {
  const role = current.frame.role;
  current.depth -= 1;
  current.frame = frameAt(current.depth);
  if (role === 'message') {
    const problem = finishMessage();
    if (problem !== undefined) complain(problem);
    if (current.messages.length === 0) current.messages = [draft.message];
    else current.messages.push(draft.message);
  } else if (role === 'batch' && current.messages.length === 0) complain('not_a_message');
}

/** Handles a key, without its quotes. */
export function takeKey(from: number, to: number): void {
  const frame = current.frame;
  frame.member = '';
  if (frame.role === 'other' || !recognize(current.text, from, to, frame.role)) return;
  if (!recognized.isExact) {
    if (current.problem === undefined) current.almost = recognized.name;
    complain('member_ambiguous');
    return;
  }
  frame.member = recognized.name;
  if (frame.role === 'message') noteMember(frame.member);
}

function textOf(from: number, to: number, isPlain: boolean): string | undefined {
  if (byteAt(current.text, from) !== QUOTE) return undefined;
  if (isPlain) return current.text.slice(from + 1, to - 1);
  current.decodedBytes += to - from;
  return decodeClear(current.text, from + 1, to - 1);
}

/** Handles a scalar (a string with its quotes), an element or the value of the last key. `isPlain`: a string without escapes, in ASCII. */
export function takeValue(from: number, to: number, isPlain: boolean): void {
  const { role, member } = current.frame;
  if (role === 'batch') complain('not_a_message');
  if (role === 'uris') takeUri(textOf(from, to, isPlain));
  if (member === '') return;
  if (member === 'id') {
    if (to - from > MAX_ID_BYTES) complain('id_too_long');
    // `true`, `false` and `null` identify nothing.
    else if (byteAt(current.text, from) < SMALL_LETTERS) draft.message.id = current.text.slice(from, to);
  } else if (member === 'notifications' || member === 'resourceSubscriptions') markFilterUnclear();
  else if (isNeeded(role, member)) takeText(role, member, textOf(from, to, isPlain));
}
