import { readSessionKey } from './access.ts';
import { rewriteStart } from './endpoint-event.ts';
import type { GateRequest } from './njs.d.ts';
import { tagMessageQuery } from './session.ts';

/** An endpoint event that has not come after so much does not come. */
const MAX_START_BYTES = 65536;

// Lives as long as the response: njs has one machine for each request.
let held: Buffer | null = null;

function rewriteUrl(r: GateRequest, written: string): string | null {
  const v = r.variables;
  const known = v.mcpgw_message_written ?? '';
  const after = written.charAt(known.length);
  const key = readSessionKey(r);
  if (known === '' || key === null || written.slice(0, known.length) !== known || (after !== '' && after !== '?')) {
    r.error('an endpoint event names another place than the probe learnt; its messages will not be let through');
    return null;
  }
  const rest = (v.mcpgw_message_path ?? '/').slice(1);
  const query = written.slice(known.length + 1);
  return `/${v.mcpgw_path ?? ''}/sse/-/${rest}?${tagMessageQuery(key, rest, query, v.mcpgw_instance ?? '', v.mcpgw_agent ?? '')}`;
}

function isStream(r: GateRequest): boolean {
  const type = r.headersOut['Content-Type'];
  return type !== undefined && type.slice(0, 17).toLowerCase() === 'text/event-stream';
}

/**
 * Body filter of legacy SSE streams: rewrites the endpoint event, and is out of the way from then on. A sub_filter could not bind the
 * backend's session to its agent, since the session's id is in the text that it would leave alone (docs/adr/0001).
 */
export function rewriteEndpoint(r: GateRequest, chunk: Buffer, flags: { last: boolean }): void {
  const all = held === null ? chunk : Buffer.concat([held, chunk]);
  const text = all.toString('utf8');
  const isUnreadable = text.indexOf('\ufffd') >= 0;
  if (!isStream(r) || flags.last || all.length > MAX_START_BYTES) {
    held = null;
    r.sendBuffer(all, flags);
    if (!flags.last) r.done();
    return;
  }
  if (isUnreadable) {
    // The chunk ends within a character.
    held = all;
    return;
  }
  const start = rewriteStart(text, (written) => rewriteUrl(r, written));
  held = start.held === '' ? null : Buffer.from(start.held);
  if (start.ready !== '') r.sendBuffer(start.ready, { last: false, flush: true });
  if (start.isFound) r.done();
}
