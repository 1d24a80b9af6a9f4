import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the processes of a gateway listen. No programs and no files: the environment may be that of another user. */
const TAKEN = ['GATEWAY_PORT', 'GATEWAY_TLS_PORT', 'REGISTRY_PORT', 'REGISTRY_HOST', 'STDIO_COMMANDS'];

/** Reads these settings of the start that runs as `pid` from its environment; none if there is no such process, or if it is another user's. */
export function readRunningSettings(proc: string, pid: number | null): Record<string, string> {
  if (pid === null) return {};
  try {
    const pairs = readFileSync(join(proc, String(pid), 'environ'), 'utf8')
      .split('\0')
      .map((pair): [string, string] => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), pair.slice(at + 1)];
      });
    return Object.fromEntries(pairs.filter(([name, value]) => TAKEN.includes(name) && value !== ''));
  } catch {
    return {};
  }
}
