import { readdir, readFile } from 'node:fs/promises';

const PAGE_BYTES = 4_096;
/** Processes are read one after another, so a pid may have been reused, and the chain of parents may be a cycle. */
const MAX_DEPTH = 100;

interface Process {
  parent: number;
  group: number;
  bytes: number;
}

/** Reads proc(5), stat fields 4, 5 and 24; undefined: it has ended. */
async function readProcess(name: string): Promise<[number, Process] | undefined> {
  const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
  // The name of the program is in parentheses and may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent, group, bytes] = [Number(fields[1]), Number(fields[2]), Number(fields[21]) * PAGE_BYTES];
  return Number.isInteger(parent) && Number.isFinite(bytes) ? [Number(name), { parent, group, bytes }] : undefined;
}

/**
 * Processes, each with the resident memory in bytes of its process group and of its descendants in any group. Empty if there is no /proc.
 */
export async function measureMemory(): Promise<Map<number, number>> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const processes = new Map(
    (await Promise.all(names.map(readProcess))).flatMap((one) => (one === undefined ? [] : [one])),
  );
  const totals = new Map<number, number>();
  for (const [pid, { group, bytes }] of processes) {
    const owners = new Set([group]);
    let one = pid;
    for (let depth = 0; one > 1 && depth < MAX_DEPTH; depth += 1) {
      owners.add(one);
      one = processes.get(one)?.parent ?? 0;
    }
    for (const owner of owners) totals.set(owner, (totals.get(owner) ?? 0) + bytes);
  }
  return totals;
}
