import { readGate } from './access.ts';
import type { GateRequest } from './njs.d.ts';

/** Value of a js_set variable for the registry's locations: `1` while connections are to be closed after each reply (DESIGN §7). */
export function isDraining(r: GateRequest): string {
  const gate = readGate(r);
  return gate !== null && gate.drain === true ? '1' : '';
}
