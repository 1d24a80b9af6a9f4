import { platform } from 'platform/system';
import { resolveMessageEndpoint } from '../../../registry/contract/gate/resolve-message-endpoint.ts';
import { tagMessageQuery } from '../session/message-tag.ts';
import { macOf } from '../session/tag.ts';
import { records } from '../worker.ts';
import { rewriteStart } from './endpoint-event.ts';

/** An endpoint event that has not come after so much does not come. */
const MAX_START_BYTES = 16_384;

function rewriteUrl(written: string): string | undefined {
  const v = ngx.var;
  const endpoint = resolveMessageEndpoint(written, v.mcpgw_stream_path ?? '/');
  const gate = records.gate();
  if (endpoint === undefined || !gate.ok) {
    platform.log(
      'error',
      'an endpoint event names no address that a client can send to; no message will be let through',
    );
    return undefined;
  }
  const rest = endpoint.path.slice(1);
  const url = { rest, query: endpoint.query };
  const query = tagMessageQuery(macOf(gate), url, v.mcpgw_agent ?? '', v.mcpgw_instance ?? '');
  return `/${v.mcpgw_path ?? ''}/sse/-/${rest}?${query}`;
}

function isStream(): boolean {
  const type = ngx.header['Content-Type'];
  return typeof type === 'string' && type.slice(0, 17).toLowerCase() === 'text/event-stream';
}

interface Held {
  held?: string;
  isDone?: boolean;
}

/**
 * Body filter of legacy SSE streams: rewrites the endpoint event, and does nothing from then on. A sub_filter could not bind the backend's
 * session to its agent, since the session's id is in the text that it would leave alone.
 */
export function rewriteEndpoint(): void {
  const state = ngx.ctx as Held;
  if (state.isDone) return;
  const arg = ngx.arg;
  const text = (state.held ?? '') + arg[0];
  if (!isStream() || arg[1] || text.length > MAX_START_BYTES) {
    state.isDone = true;
    arg[0] = text;
    return;
  }
  const start = rewriteStart(text, rewriteUrl);
  state.held = start.held;
  state.isDone = start.isFound;
  arg[0] = start.ready;
}
