import { statusOf, writeAnswer, writeChallenge, type Refusal } from './refusal.ts';

/** Responds with a refusal. NGINX reads and discards what the client still sends. */
export function refuse(refusal: Refusal): void {
  const v = ngx.var;
  const header = ngx.header;
  const status = statusOf(refusal);
  const body = writeAnswer(refusal);
  // For the log; an allowed call can also end here, when no instance could be reached.
  v.mcpgw_verdict = refusal.answer === 'limited' ? 'limited' : 'refused';
  v.mcpgw_reason = refusal.reason;
  ngx.status = status;
  header['Content-Type'] = 'application/json';
  header['Content-Length'] = body.length;
  header['Cache-Control'] = 'no-store';
  if (refusal.retryAfterS !== undefined) header['Retry-After'] = refusal.retryAfterS;
  if (refusal.allow !== undefined) header.Allow = refusal.allow;
  if (status === 401) header['WWW-Authenticate'] = writeChallenge(refusal);
  try {
    ngx.req.discard_body();
  } catch {
    // The body is already broken: NGINX closes the connection after the response.
  }
  ngx.print(body);
}
