import { GATE_ANSWERS, type GateAnswer } from '../../registry/contract/gate-answers.ts';
import type { GateRequest } from './njs.d.ts';
import { writeNote, type Note } from './note.ts';

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

/** Answers with a refusal that is noted already. `status` only where it is not the answer's own. */
export function refuseNoted(r: GateRequest, note: string, refusal: Refusal, status?: number): void {
  const code = status ?? GATE_ANSWERS[refusal.answer].status;
  r.variables.mcpgw_note = note;
  const out = r.headersOut;
  out['Content-Type'] = 'application/json';
  out['Cache-Control'] = 'no-store';
  if (code === 401) out['WWW-Authenticate'] = 'Bearer';
  r.return(code, writeAnswer(refusal, code));
}

/** Answers with a refusal, and notes its reason for the log. */
export function refuse(r: GateRequest, note: Note, refusal: Refusal, status?: number): void {
  note.reason = refusal.reason;
  refuseNoted(r, writeNote(note), refusal, status);
}
