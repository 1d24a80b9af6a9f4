import { readSessionKey } from './access.ts';
import type { GateRequest } from './njs.d.ts';
import { tagSession } from './session.ts';

/** Value of a js_set variable: the session id that a backend has just given, with our tag. NGINX asks for it only when it is a new one. */
export function tagNewSession(r: GateRequest): string {
  const v = r.variables;
  const backendId = v.upstream_http_mcp_session_id ?? '';
  const key = readSessionKey(r);
  if (key === null) return '';
  return tagSession(key, { backendId: backendId, instance: v.mcpgw_instance ?? '' }, v.mcpgw_agent ?? '');
}
