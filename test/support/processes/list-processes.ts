import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

function read(get: () => string): string {
  try {
    return get();
  } catch {
    return '';
  }
}

/** Processes that belong to a folder: by command line, environment or working directory (proc(5)). Zombies do not count. */
export function listProcessesOf(folder: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => ({
      pid: Number(name),
      command: read(() => readFileSync(`/proc/${name}/cmdline`, 'utf8')).replaceAll('\0', ' '),
      environment: read(() => readFileSync(`/proc/${name}/environ`, 'utf8')),
      cwd: read(() => readlinkSync(`/proc/${name}/cwd`)),
    }))
    .filter(
      ({ command, environment, cwd }) =>
        command !== '' && [command, environment, cwd].some((text) => text.includes(folder)),
    )
    .map(({ pid, command }) => ({ pid, command }));
}

/** Children of a process, as reported by the kernel. */
export function listChildren(pid: number): number[] {
  return read(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
}
