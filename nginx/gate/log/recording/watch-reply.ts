import { quote } from 'platform/text';
import { keyAt } from '../../json/key-at.ts';
import { walkJson } from '../../json/walk-json.ts';
import { records } from '../../worker/records.ts';
import { toRecorded } from './record-call.ts';

// Records replies to calls of servers that have this enabled: each piece is copied up to a limit and forwarded at once, unchanged.

/** Nothing is recorded of a longer reply: its whole copy would have to be held until its end. */
const MAX_COPIED = 65_536;
/** The same for all replies of a worker together. */
const MAX_COPIED_BY_ALL = 33_554_432;

/** The copied part of a reply. */
export interface Copy {
  pieces: string[];
  bytes: number;
  isEvents: boolean;
  isTooLong: boolean;
  isComplete: boolean;
}

let copiedByAll = 0;

/** Begins the copy of a reply. */
export function startCopy(isEvents: boolean): Copy {
  return { pieces: [], bytes: 0, isEvents, isTooLong: false, isComplete: false };
}

function drop(copy: Copy): void {
  copiedByAll -= copy.bytes;
  copy.pieces = [];
  copy.bytes = 0;
}

/** Copies a piece of the reply. */
export function addToCopy(copy: Copy, piece: string, isLast: boolean): void {
  if (isLast) copy.isComplete = true;
  if (copy.isTooLong || piece === '') return;
  copy.pieces.push(piece);
  copy.bytes += piece.length;
  copiedByAll += piece.length;
  if (copy.bytes <= MAX_COPIED && copiedByAll <= MAX_COPIED_BY_ALL) return;
  copy.isTooLong = true;
  drop(copy);
}

let text = '';
let base = 1;
let member = '';
let inner = '';
let isResult = false;
let isToolError = false;

const visitor = {
  open(this: void, depth: number, isObject: boolean): void {
    if (depth === 1) base = isObject ? 1 : 2;
    else if (depth === base + 1 && member === 'result' && isObject) isResult = true;
  },
  close(this: void, depth: number): void {
    if (depth === base + 1) inner = '';
  },
  key(this: void, depth: number, from: number, to: number): void {
    if (depth === base) member = keyAt(text, from, to) ?? '';
    else if (depth === base + 1) inner = keyAt(text, from, to) ?? '';
  },
  scalar(this: void, depth: number, from: number, to: number): void {
    if (depth === base + 1 && member === 'result' && inner === 'isError' && text.slice(from, to) === 'true')
      isToolError = true;
  },
};

/** Whether a message is a response with a result, and whether the result reports a failure of the tool (`CallToolResult.isError`). */
function readMessage(json: string): 'failed' | 'succeeded' | 'other' {
  text = json;
  member = '';
  inner = '';
  isResult = false;
  isToolError = false;
  const isJson = walkJson(json, 3, visitor);
  text = '';
  if (!isJson || !isResult) return 'other';
  return isToolError ? 'failed' : 'succeeded';
}

/** The messages of a reply: its JSON, or the data of its events (WHATWG HTML §9.2). */
function listMessages(copy: Copy): string[] {
  const whole = copy.pieces.join('');
  if (!copy.isEvents) return [whole];
  const messages: string[] = [];
  let data = '';
  for (const line of whole.split('\r\n').join('\n').split('\r').join('\n').split('\n')) {
    if (line.startsWith('data:')) data += line.slice(line.startsWith('data: ') ? 6 : 5);
    else if (line === '') {
      if (data !== '') messages.push(data);
      data = '';
    }
  }
  return messages;
}

/** The members of calls.log about a reply; empty: nothing is known. Releases the copy. */
export function describeCopy(copy: Copy, serverId: string): string {
  const server = records.server(serverId);
  const { isComplete, isTooLong } = copy;
  const messages = isTooLong || !isComplete ? [] : listMessages(copy);
  drop(copy);
  const recording = server.ok ? server.recording : undefined;
  if (!server.ok || recording === undefined) return '';
  let note = '';
  for (const message of messages) {
    const outcome = readMessage(message);
    if (outcome === 'other') continue;
    if (recording.toolErrors) note = `,"toolError":${outcome === 'failed' ? 'true' : 'false'}`;
    if (recording.results) note += `,"result":${quote(toRecorded(server, recording, message))}`;
    // Only the first response of a batch is recorded.
    break;
  }
  return note;
}
