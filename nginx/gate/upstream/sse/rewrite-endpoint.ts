import { resolveMessageEndpoint } from '../../../../registry/contract/gate/resolve-message-endpoint.ts';
import { tagMessageQuery } from '../session/message-tag.ts';
import { macOf } from '../session/tag.ts';
import { records } from '../../worker/records.ts';
import { isEncoded, isOtherCharset } from './reply-coding.ts';
import { rewriteEndpointEvent } from './endpoint-event.ts';
import { createEventReader, readEvents, type EventReader } from './read-events.ts';
import { namesEndpoint, watchLines, type LineWatch } from './watch-lines.ts';

/** An endpoint event that has not arrived after this many bytes is not expected any more. */
const MAX_START_BYTES = 16_384;

function rewriteUrl(written: string): string | undefined {
  const v = ngx.var;
  const endpoint = resolveMessageEndpoint(written, v.mcpgw_stream_path ?? '/');
  const gate = records.gate();
  if (endpoint === undefined || !gate.ok) return undefined;
  const rest = endpoint.path.slice(1);
  const url = { rest, query: endpoint.query };
  const query = tagMessageQuery(macOf(gate), url, v.mcpgw_agent ?? '', v.mcpgw_instance ?? '');
  return `/${v.mcpgw_path ?? ''}/sse/-/${rest}?${query}`;
}

interface Held {
  /** Reads the stream until the end of the endpoint event. */
  start?: EventReader;
  /** The events before the endpoint event. */
  before?: string;
  /** Watches what follows the endpoint event. */
  watch?: LineWatch;
}

/** Ends the stream: a client would send its messages, with its key, to an address of the backend's choice. */
function refuse(problem: string): never {
  // NGINX closes the connection after an error of a body filter, and logs it. A table, as TypeScript's Error is in Lua, would not be readable in the log.
  throw `a stream is ended: ${problem}` as unknown as Error;
}

function beginStart(): EventReader {
  const { status } = ngx;
  // No client reads the events of another status.
  const isRead = status >= 200 && status <= 299;
  if (isRead && (isEncoded() || isOtherCharset())) refuse('its Content-Encoding or charset makes it unreadable');
  return createEventReader();
}

/** Checks the next piece of a stream in which no endpoint event may occur, at all or any more. */
export function passWatched(watch: LineWatch, piece: string): string {
  if (namesEndpoint(watch, piece))
    refuse('the backend may name its address for messages only once, in the first event of a legacy SSE stream');
  return piece;
}

/**
 * Body filter of legacy SSE streams: rewrites the endpoint event. A sub_filter could not bind the backend's session to its agent, since the
 * session's id is in the text that it would leave unchanged. What precedes the event is held back and left out, so that it cannot affect how a
 * client reads the event. What follows passes unchanged, unless it names another address.
 */
export function rewriteEndpoint(): void {
  const state = ngx.ctx as Held;
  const arg = ngx.arg;
  if (state.watch !== undefined) {
    arg[0] = passWatched(state.watch, arg[0]);
    return;
  }
  const reader = (state.start ??= beginStart());
  let { before = '' } = state;
  let out = '';
  for (const event of readEvents(reader, arg[0])) {
    if (state.watch !== undefined) {
      out += passWatched(state.watch, event);
      continue;
    }
    // The limit applies even if the end of the event arrived in the piece that exceeded it.
    const judged = event.length > MAX_START_BYTES ? undefined : rewriteEndpointEvent(event, rewriteUrl);
    if (judged?.endpoint === 'refused') refuse('its endpoint event names no address that a client can send to');
    if (judged?.endpoint === 'found') {
      out = judged.text;
      before = '';
      state.watch = watchLines();
    } else before += event;
  }
  if (state.watch === undefined && !arg[1] && before.length + reader.heldBytes <= MAX_START_BYTES) {
    state.before = before;
    arg[0] = '';
    return;
  }
  state.watch ??= watchLines();
  state.before = '';
  arg[0] = out + passWatched(state.watch, before + reader.held.join(''));
}
