/** NGX_ERROR: NGINX closes the connection. */
const CLOSE = -1;

/** The reason by which `failOver` recognizes that the backend has received the request. */
export const BROKEN_REPLY = 'broken_reply';

/**
 * Header filter: refuses replies that a backend must not send. NGINX forwards a 1xx as if it were the whole reply, while a client waits for another
 * one after it (RFC 9110 §15.2). It forwards a reply without a status line as HTTP/0.9, without adding headers. In both cases the backend could
 * write further replies, with headers of its choice, on a connection that other agents may share.
 */
export function refuseReply(): void {
  const isHeadless = (ngx.req.http_version() ?? 1.1) < 1;
  if (!isHeadless && ngx.status >= 200) return;
  ngx.var.mcpgw_reason = BROKEN_REPLY;
  // HTTP/0.9 has no header section, so an error response cannot be sent.
  ngx.exit(isHeadless ? CLOSE : 502);
}
