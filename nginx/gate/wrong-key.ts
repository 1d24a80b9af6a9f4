import { refuse, type Refusal } from './answer.ts';
import type { GateRequest } from './njs.d.ts';
import { beginNote } from './note.ts';

/** Answers a wrong key, in the location that counts them by address; the refusal was made before it came here. */
export function answerWrongKey(r: GateRequest): void {
  const note = beginNote(r.method);
  note.server = (r.variables.mcpgw_path ?? '/').slice(1);
  refuse(r, note, JSON.parse(r.variables.mcpgw_refusal ?? 'null') as Refusal);
}
