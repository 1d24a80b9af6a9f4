import type { Refusal } from './refusal.ts';
import { refuse } from './refuse.ts';

const SEPARATOR = '\n';

/** Redirects a refused key to the location that counts them per address. Only failed attempts enter it. */
export function refuseKey(refusal: Refusal): void {
  ngx.var.mcpgw_refusal = [refusal.answer, refusal.reason, refusal.message, refusal.hint].join(SEPARATOR);
  ngx.exec('/_wrong-key');
}

/** Responds to a wrong key, in the location that counts. The refusal was determined before the redirect. */
export function answerWrongKey(): void {
  const [answer, reason, message, hint] = (ngx.var.mcpgw_refusal ?? '').split(SEPARATOR);
  refuse({
    answer: answer as Refusal['answer'],
    reason: reason ?? '',
    message: message ?? '',
    hint: hint ?? '',
  });
}
