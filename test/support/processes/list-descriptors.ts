import { readdirSync, readlinkSync } from 'node:fs';

/** What a process has open, as `number -> target` (proc(5)): what was opened again, at the same number too, is another. */
export function listDescriptors(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((number) => {
    try {
      return `${number} -> ${readlinkSync(`/proc/${pid}/fd/${number}`)}`;
    } catch {
      // Closed since it was listed.
      return [];
    }
  });
}
