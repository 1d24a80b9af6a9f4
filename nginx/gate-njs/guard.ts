import type { Refusal } from './answer.ts';
import type { GateRequest } from './njs.d.ts';

/** Refuses what NGINX's maps found in the Host and Origin headers: `host`, `origin` or nothing. */
export function guard(found: string): Refusal | null {
  if (found === '') return null;
  const isHost = found === 'host';
  return {
    answer: 'forbidden',
    reason: isHost ? 'host_refused' : 'origin_refused',
    message: isHost
      ? 'the Host of this request is not a name of this gateway'
      : 'pages of this origin may not call here',
    hint: isHost
      ? 'call the address in GATEWAY_URL, or add the name to ALLOWED_HOSTS'
      : 'add the origin to ALLOWED_ORIGINS if it is meant',
  };
}

/** Answers an OPTIONS request: what a page of an allowed origin may send (Fetch §3.2). The rest of CORS is in nginx.conf. */
export function answerPreflight(r: GateRequest): void {
  const v = r.variables;
  const out = r.headersOut;
  v.mcpgw_verdict = 'allowed';
  v.mcpgw_reason = 'preflight';
  out.Allow = 'GET, POST, DELETE, OPTIONS';
  if (v.http_origin !== undefined) {
    out['Access-Control-Allow-Methods'] = 'GET, POST, DELETE, OPTIONS';
    const wanted = v.http_access_control_request_headers;
    // Mcp-Param-* headers have any name, so what is asked for is allowed.
    if (wanted !== undefined && /^[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,4000}$/.test(wanted))
      out['Access-Control-Allow-Headers'] = wanted;
    out['Access-Control-Max-Age'] = '7200';
  }
  r.return(204, '');
}
