import type { Refusal } from './refusal.ts';
import { refuse } from './refuse.ts';

const SEPARATOR = '\n';

/** Sends a refused key to the location that counts those of an address. Only failed attempts go there. */
export function refuseKey(refusal: Refusal): void {
  ngx.var.mcpgw_refusal = [refusal.answer, refusal.reason, refusal.message, refusal.hint].join(SEPARATOR);
  ngx.exec('/_wrong-key');
}

/** Answers a wrong key, in the location that counts; the refusal was made before it came here. */
export function answerWrongKey(): void {
  const [answer, reason, message, hint] = (ngx.var.mcpgw_refusal ?? '').split(SEPARATOR);
  refuse({
    answer: answer as Refusal['answer'],
    reason: reason ?? '',
    message: message ?? '',
    hint: hint ?? '',
  });
}
