import { keyAt } from '../../json/key-at.ts';
import { walkJson } from '../../json/walk-json.ts';
import type { Recording, ServerRecord } from '../../access/records/index.ts';
import { listHidden, redactJson, type HiddenNames } from './redact-json.ts';

/** The most bytes of arguments and of a result that are recorded, before redaction. */
const MAX_RECORDED = 8_192;
const LEFT_OUT = '…';

let base = 1;
let member = '';
let inner = '';
let from = -1;
let to = -1;
let text = '';

function open(depth: number, isObject: boolean, at: number): void {
  if (depth === 1) base = isObject ? 1 : 2;
  if (depth === base + 2 && from < 0 && member === 'params' && inner === 'arguments') from = at;
}

function close(depth: number, at: number): void {
  if (depth === base + 2 && from >= 0 && to < 0) to = at + 1;
  if (depth === base + 1) inner = '';
}

function key(depth: number, start: number, end: number): void {
  if (depth === base) member = keyAt(text, start, end) ?? '';
  else if (depth === base + 1) inner = keyAt(text, start, end) ?? '';
}

const ignore = () => undefined;
const visitor = { open, close, key, scalar: ignore };

/** The arguments of the first call of a body, as JSON text; undefined: none. */
function findArguments(body: string): string | undefined {
  text = body;
  from = -1;
  to = -1;
  member = '';
  inner = '';
  walkJson(body, 4, visitor);
  const found = from < 0 || to < 0 ? undefined : body.slice(from, to);
  text = '';
  return found;
}

function hiddenOf(server: ServerRecord, recording: Recording): HiddenNames {
  const before = server.derived.hidden as HiddenNames | undefined;
  if (before !== undefined) return before;
  const hidden = listHidden(recording.redact);
  server.derived.hidden = hidden;
  return hidden;
}

/** JSON text as it is recorded: limited in length, without hidden members and secrets. */
export function toRecorded(server: ServerRecord, recording: Recording, json: string): string {
  const isLong = json.length > MAX_RECORDED;
  const shown = redactJson(isLong ? json.slice(0, MAX_RECORDED) : json, hiddenOf(server, recording));
  return isLong ? shown + LEFT_OUT : shown;
}

/** The arguments of a call, if its server has them recorded; undefined: they are not recorded. */
export function recordArguments(server: ServerRecord, methods: readonly string[], body: string): string | undefined {
  const { recording } = server;
  if (recording === undefined || !recording.arguments || !methods.includes('tools/call')) return undefined;
  const found = findArguments(body);
  return found === undefined ? undefined : toRecorded(server, recording, found);
}

/** Whether any part of the reply to a call is recorded. */
export function watchesReply(server: ServerRecord, methods: readonly string[]): boolean {
  const { recording } = server;
  if (recording === undefined || !(recording.toolErrors || recording.results)) return false;
  return methods.includes('tools/call');
}
