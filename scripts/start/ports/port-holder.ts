import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTEN = '0A';

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function inodesListeningOn(port: number): Set<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readText(file).split('\n').slice(1));
  return new Set(
    lines
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[1]?.endsWith(`:${wanted}`) && columns[3] === LISTEN)
      .map((columns) => columns[9] ?? ''),
  );
}

function holdsOneOf(pid: string, inodes: Set<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return inodes.has(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? '-');
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

/** The process that listens on a TCP port, from /proc (proc(5)): null if there is none, or if it belongs to another user and is not visible. */
export function findPortHolder(port: number): { pid: number; command: string } | null {
  const inodes = inodesListeningOn(port);
  if (inodes.size === 0) return null;
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsOneOf(name, inodes));
  if (pid === undefined) return null;
  const command = readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, 80);
  return { pid: Number(pid), command };
}
