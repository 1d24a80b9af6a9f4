import { readdir, readFile } from 'node:fs/promises';

const PAGE_BYTES = 4_096;

/** Process group → the resident memory of its processes in bytes (proc(5), stat fields 5 and 24). Empty where there is no /proc. */
export async function measureGroups(): Promise<Map<number, number>> {
  const groups = new Map<number, number>();
  const names = await readdir('/proc').catch(() => []);
  await Promise.all(
    names.map(async (name) => {
      if (!/^\d+$/.test(name)) return;
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      // The name of the program is in parentheses and may contain spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const group = Number(fields[2]);
      const bytes = Number(fields[21]) * PAGE_BYTES;
      if (Number.isInteger(group) && Number.isFinite(bytes)) groups.set(group, (groups.get(group) ?? 0) + bytes);
    }),
  );
  return groups;
}
