import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

function readSockets(pid: number): Set<string> {
  const inodes = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? '';
    } catch {
      return '';
    }
  });
  return new Set(inodes.filter((inode) => inode !== ''));
}

/** Ports of the clients whose TCP connections (IPv4) a process holds, to identify the worker of a client. proc_net_tcp.txt of Linux. */
export function findClientPorts(pid: number): Set<number> {
  const sockets = readSockets(pid);
  const rows = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').trim().split('\n').slice(1);
  return new Set(
    rows
      .map((row) => row.trim().split(/\s+/))
      .filter((fields) => fields[3] === '01' && sockets.has(fields[9] ?? ''))
      .map((fields) => Number.parseInt(fields[2]?.split(':')[1] ?? '0', 16)),
  );
}
