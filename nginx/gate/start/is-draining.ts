import { records } from '../worker.ts';

/** Value of a variable for the registry's locations: `1` while connections are to be closed after each reply. */
export function isDraining(): string {
  records.refresh();
  const gate = records.gate();
  return gate.ok && gate.drain ? '1' : '';
}
