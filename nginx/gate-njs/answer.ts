import { GATE_ANSWERS, type GateAnswer } from '../../registry/contract/gate-answers.ts';
import type { GateRequest } from './njs.d.ts';

/** A refusal in words: which answer, a word for programs, a sentence, and what to do about it. */
export interface Refusal {
  answer: GateAnswer;
  reason: string;
  message: string;
  hint: string;
  /** The request's id, where it was read. */
  id?: string | number | null;
}

/** The body of one of the gateway's own answers (DESIGN §5). */
export function writeAnswer(refusal: Refusal, status: number): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: refusal.id ?? null,
    error: {
      code: GATE_ANSWERS[refusal.answer].code,
      message: refusal.message,
      data: { status: status, reason: refusal.reason, hint: refusal.hint },
    },
  });
}

/** Answers with a refusal. `status` only where it is not the answer's own. */
export function refuse(r: GateRequest, refusal: Refusal, status?: number): void {
  const code = status ?? GATE_ANSWERS[refusal.answer].status;
  const v = r.variables;
  // For the log; an allowed call can still end here when no instance could be reached.
  v.mcpgw_verdict = 'refused';
  v.mcpgw_reason = refusal.reason;
  const out = r.headersOut;
  out['Content-Type'] = 'application/json';
  out['Cache-Control'] = 'no-store';
  if (code === 401) out['WWW-Authenticate'] = 'Bearer';
  r.return(code, writeAnswer(refusal, code));
}
