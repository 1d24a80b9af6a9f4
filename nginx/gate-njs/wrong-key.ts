import { refuse, type Refusal } from './answer.ts';
import type { GateRequest } from './njs.d.ts';

/** Answers a wrong key, in the location that counts them by address; the refusal was made before it came here. */
export function answerWrongKey(r: GateRequest): void {
  refuse(r, JSON.parse(r.variables.mcpgw_refusal ?? 'null') as Refusal);
}
