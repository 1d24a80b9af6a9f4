import { records } from '../../worker/records.ts';
import { macOf, tagSession } from './tag.ts';

/**
 * Header filter: the session id for the client. A new id of the backend gets our tag; for a repeated one the client gets back the id it sent.
 * Without a session key the client gets none.
 */
export function tagNewSession(): void {
  const v = ngx.var;
  const backendId = v.upstream_http_mcp_session_id;
  if (backendId === undefined || backendId === '') return;
  if (backendId === v.mcpgw_session) {
    v.mcpgw_session_out = v.http_mcp_session_id;
    return;
  }
  const gate = records.gate();
  if (!gate.ok) return;
  const session = { backendId, instance: v.mcpgw_instance ?? '' };
  v.mcpgw_session_out = tagSession(macOf(gate), session, v.mcpgw_agent ?? '');
}
