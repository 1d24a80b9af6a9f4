import { platform } from 'platform/system';
import { writeAnswer } from '../../answers/refusal.ts';
import { grantedOn, mayUse } from '../../access/identity/grants.ts';
import { findPlaceOf } from '../../request/guard/places.ts';
import { tagNewSession } from '../session/tag-new.ts';
import { createEventReader, readEvents, type EventReader } from '../sse/read-events.ts';
import { isEncoded, isOtherCharset } from '../sse/reply-coding.ts';
import { passWatched, rewriteEndpoint } from '../sse/rewrite-endpoint.ts';
import { watchLines, type LineWatch } from '../sse/watch-lines.ts';
import { records } from '../../worker/records.ts';
import { addToCopy, describeCopy, startCopy, type Copy } from '../../log/recording/watch-reply.ts';
import { watchesReply } from '../../log/recording/record-call.ts';
import { keepApproved } from './approved.ts';
import { cutLists, type KeepElement } from './cut-lists.ts';
import { hold, release, type Held } from './held-bytes.ts';
import { rewriteEvent } from './rewrite-event.ts';

interface State {
  mode?: 'json' | 'events' | 'refused';
  pieces?: string[];
  held?: Held;
  reader?: EventReader;
  hasEnded?: boolean;
  isLegacy?: boolean;
  /** Of a reply that a client must not be able to use as a stream of the legacy transport. */
  watched?: LineWatch;
  /** Of a reply that is recorded. */
  copy?: Copy;
}

function stateOf(): State {
  return ngx.ctx as State;
}

/** Decides by the current records what remains of lists; undefined: nothing may. */
function createKeep(): KeepElement | undefined {
  const v = ngx.var;
  const serverId = (v.uri ?? '').split('/')[1] ?? '';
  const key = records.key(v.mcpgw_key ?? '');
  const server = records.server(serverId);
  const place = findPlaceOf(serverId);
  if (!key.ok || !server.ok || place === undefined) return undefined;
  const granted = grantedOn(key, place.path, server, platform.now() * 1000);
  if (granted === undefined) return undefined;
  return (kind, name, text) => {
    if (!mayUse(granted, kind, name)) return undefined;
    return kind === 'tools' ? keepApproved(server, name, text) : text;
  };
}

function filterText(text: string): string | undefined {
  records.refresh();
  return cutLists(text, createKeep() ?? (() => undefined));
}

function isEvents(): boolean {
  const type = ngx.header['Content-Type'];
  return typeof type === 'string' && type.slice(0, 17).toLowerCase() === 'text/event-stream';
}

const serverIdOf = () => (ngx.var.uri ?? '').split('/')[1] ?? '';
/** Whether it is a stream of the legacy transport. */
const isLegacyStream = () => (ngx.var.uri ?? '').split('/')[3] === 'sse';

/** Whether the request called a tool of a server whose replies are recorded. */
function isRecorded(): boolean {
  const server = records.server(serverIdOf());
  // Text from clients is quoted in the note, so only the gate itself can have written this.
  const hasTools = (ngx.var.mcpgw_note ?? '').indexOf('"tools":[]') < 0;
  return server.ok && hasTools && watchesReply(server, ['tools/call']);
}

/** Header filter of replies that may contain lists, or are for a GET: chooses how the body is read. */
export function startFilter(): void {
  tagNewSession();
  const { status } = ngx;
  const state = stateOf();
  state.isLegacy = isLegacyStream();
  // No client reads the body of another status as a JSON-RPC response; some read that of 202 in reply to a GET.
  if (status < 200 || status > 299) return;
  const isPost = ngx.req.get_method() === 'POST';
  if (isPost && (status === 202 || status === 204)) return;
  if (!isEncoded() && isRecorded()) state.copy = startCopy(isEvents());
  // A client that falls back to the legacy transport begins with a GET here.
  if (!isPost && !state.isLegacy) state.watched = watchLines();
  // Without a key no lists are cut.
  const cutsLists = ngx.var.mcpgw_key !== '';
  if (!cutsLists && state.watched === undefined) return;
  // `rewriteEndpoint` ends an encoded stream of the legacy transport.
  if (isEncoded() && !state.isLegacy) {
    state.mode = 'refused';
    ngx.header['Content-Encoding'] = undefined;
    ngx.header['Content-Type'] = 'application/json';
  } else if (cutsLists && isEvents()) {
    state.mode = 'events';
    state.reader = createEventReader();
  } else if (cutsLists) {
    state.mode = 'json';
    state.pieces = [];
  }
  if (state.mode !== undefined) ngx.header['Content-Length'] = undefined;
  // The gate reads it as UTF-8, so clients must too. The charset is set because NGINX would otherwise add the backend's.
  if (isOtherCharset() && !state.isLegacy)
    ngx.header['Content-Type'] = `${isEvents() ? 'text/event-stream' : 'application/json'}; charset=utf-8`;
}

function writeUnreadable(): string {
  const id = ngx.var.mcpgw_list_id;
  return writeAnswer({
    answer: 'unavailable',
    reason: 'list_unreadable',
    message: 'the gateway cannot read the reply of the server, so it does not know which parts may be shown',
    hint: 'the operator of this gateway must check the server: it must reply in JSON without Content-Encoding, at most 4 MB at once',
    id: id === '' ? undefined : id,
  });
}

function filterJson(state: State, held: Held, piece: string, isLast: boolean): string {
  state.pieces?.push(piece);
  if (!hold(held, piece.length)) {
    state.hasEnded = true;
    state.pieces = [];
    release(held);
    return writeUnreadable();
  }
  if (!isLast) return '';
  const text = state.pieces?.join('') ?? '';
  state.pieces = [];
  release(held);
  return text === '' ? '' : (filterText(text) ?? writeUnreadable());
}

function filterEvents(state: State, held: Held, reader: EventReader, piece: string): string {
  let filtered = '';
  for (const event of readEvents(reader, piece)) filtered += rewriteEvent(event, filterText);
  release(held);
  if (!hold(held, reader.heldBytes)) {
    platform.log('error', 'an event of a stream is too long to be read; nothing more of the stream is forwarded');
    state.hasEnded = true;
    reader.held = [];
    release(held);
  }
  return filtered;
}

/** Body filter of such replies: removes what the agent may not see, and ends a stream that directs its client elsewhere. */
export function filterReply(): void {
  const state = stateOf();
  const arg = ngx.arg;
  if (state.isLegacy) rewriteEndpoint();
  const { mode, reader, copy, watched } = state;
  if (watched !== undefined && mode !== 'refused') passWatched(watched, arg[0]);
  if (copy !== undefined) addToCopy(copy, arg[0], arg[1]);
  if (mode === undefined) return;
  // Not by destructuring: Lua's unpack does not see what a metatable returns.
  const piece = arg[0];
  const isLast = arg[1];
  if (state.hasEnded === true) arg[0] = '';
  else if (mode === 'refused') {
    state.hasEnded = true;
    arg[0] = writeUnreadable();
  } else {
    const held = (state.held ??= { serverId: serverIdOf(), bytes: 0 });
    arg[0] = reader === undefined ? filterJson(state, held, piece, isLast) : filterEvents(state, held, reader, piece);
  }
}

/** Log phase of such replies: releases what an aborted reply still held. */
export function endFilter(): void {
  const state = stateOf();
  if (state.held !== undefined) release(state.held);
  if (state.copy === undefined) return;
  ngx.var.mcpgw_note = (ngx.var.mcpgw_note ?? '') + describeCopy(state.copy, serverIdOf());
}
