import { readdirSync, readlinkSync } from 'node:fs';

/** The open descriptors of a process, as `number -> target` (proc(5)): a reopened one is another, even with the same number. */
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
