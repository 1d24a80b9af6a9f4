import { constants } from 'node:os';

/** bwrap(1), like a shell, adds this to the number of the signal that ended its program. */
const SIGNAL_OFFSET = 128;

/** Describes how a process ended. */
export function describeEnd(code: number | null, signal: string | null, isConfined: boolean): string {
  if (signal !== null) return `signal ${signal}`;
  const number = (code ?? 0) - SIGNAL_OFFSET;
  const [name] = Object.entries(constants.signals).find(([, one]) => one === number) ?? [];
  return isConfined && name !== undefined ? `signal ${name}` : `exit code ${code}`;
}
