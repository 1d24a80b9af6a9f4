import { statusOf, writeAnswer, writeChallenge, type Refusal } from './refusal.ts';

/** Answers with a refusal. What the client still sends is read by NGINX and thrown away. */
export function refuse(refusal: Refusal): void {
  const v = ngx.var;
  const header = ngx.header;
  const status = statusOf(refusal);
  const body = writeAnswer(refusal);
  // For the log; an allowed call can still end here when no instance could be reached.
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
    // A body that is broken already: NGINX closes the connection after the answer.
  }
  ngx.print(body);
}
