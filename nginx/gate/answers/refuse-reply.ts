/** NGX_ERROR: NGINX closes the connection. */
const CLOSE = -1;

/** The reason by which `failOver` knows that the backend has had the request. */
export const BROKEN_REPLY = 'broken_reply';

/**
 * Header filter: what a backend may not answer with. NGINX passes a 1xx on as if it were the whole reply, while a client waits for another one
 * behind it (RFC 9110 §15.2); and it passes what has no status line on as HTTP/0.9, without headers of its own. Either way the backend could write
 * further replies, with headers of its choice, on a connection that other agents may share.
 */
export function refuseReply(): void {
  const isHeadless = (ngx.req.http_version() ?? 1.1) < 1;
  if (!isHeadless && ngx.status >= 200) return;
  ngx.var.mcpgw_reason = BROKEN_REPLY;
  // Where there is no head, there is no place for an answer of ours.
  ngx.exit(isHeadless ? CLOSE : 502);
}
