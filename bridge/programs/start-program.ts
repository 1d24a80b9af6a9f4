import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { describeEnd } from './describe-end.ts';
import { readLines } from './read-lines.ts';

export interface ProgramStart {
  /** Absolute path. */
  file: string;
  args: readonly string[];
  env: Record<string, string>;
  cwd: string;
  /** The program is bwrap(1), which reports on descriptor 3 what it started and reads a filter of system calls from 4. */
  confined?: { filter: Buffer | null };
}

export interface ProgramListener {
  /** A line on stdout. */
  line: (text: string) => void;
  /** A line on stderr, or a note about dropped output. */
  output: (stream: 'stderr' | 'bridge', text: string) => void;
}

/** A process and all processes that it starts. */
export interface RunningProgram {
  pid: number;
  /** Writes a line to its stdin. Returns false when it has not read previous lines. */
  write: (line: string) => boolean;
  /** Resolves with a description of how it ended, after every process of its group has ended. */
  ended: Promise<string>;
  /** Closes its stdin, then sends SIGTERM, then SIGKILL, to its whole group. Resolves when it has ended. */
  stop: () => Promise<void>;
  /** Ends it at once. */
  kill: () => void;
}

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const MAX_OUTPUT_LINE_BYTES = 64 * 1024;
const STDOUT = { maxLineBytes: MAX_MESSAGE_BYTES, bytesPerSecond: 64 * 1024 * 1024 };
const STATUS = { maxLineBytes: 64 * 1024, bytesPerSecond: 1024 * 1024 };
const STDERR = { maxLineBytes: MAX_OUTPUT_LINE_BYTES, bytesPerSecond: 1024 * 1024 };
const MAX_UNREAD_BYTES = 32 * 1024 * 1024;
const STDIN_GRACE_MS = 1_000;
const TERM_GRACE_MS = 2_000;
/** From -1000 to 1000 (proc(5)): when memory runs out, programs are killed before the gateway. */
const OOM_SCORE_ADJUSTMENT = '500';
const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file));

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has already ended.
  }
}

/** Reads the status output of bwrap: the process group of the confined program, which differs from its own. */
function readInnerGroup(status: Readable, take: (group: number) => void): void {
  readLines(status, STATUS, {
    line(text) {
      const [, group] = /"child-pid": (\d+)/.exec(text) ?? [];
      if (group !== undefined) take(Number(group));
    },
    dropped: () => undefined,
  });
}

/**
 * Starts a program in its own process group, without a shell. If setpriv(1) is installed, the kernel kills it when the bridge dies, and it
 * gains no privileges (prctl(2), PR_SET_PDEATHSIG and PR_SET_NO_NEW_PRIVS). Rejects when it cannot be started at all.
 */
export async function startProgram(start: ProgramStart, listener: ProgramListener): Promise<RunningProgram> {
  const { confined } = start;
  const own = [start.file, ...start.args];
  // bwrap ensures both itself.
  const [file = '', ...args] =
    SETPRIV === undefined || confined !== undefined
      ? own
      : [SETPRIV, '--pdeathsig', 'KILL', '--no-new-privs', '--', ...own];
  const child = spawn(file, args, {
    cwd: start.cwd,
    env: start.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', ...(confined === undefined ? [] : (['pipe', 'pipe'] as const))],
  });
  const [, , , status, filter] = child.stdio;
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid ?? 0;
  let group = pid;
  if (confined !== undefined) {
    readInnerGroup(status as Readable, (found) => (group = found));
    const writable = filter as Writable;
    // It may end before it has read it.
    writable.on('error', () => undefined);
    writable.end(confined.filter ?? undefined);
  }
  // Best effort: if /proc is not writable, the kernel chooses by size alone.
  void writeFile(`/proc/${pid}/oom_score_adj`, OOM_SCORE_ADJUSTMENT).catch(() => undefined);
  readLines(child.stdout, STDOUT, {
    line: (text) => listener.line(text),
    dropped: (bytes) => listener.output('bridge', `a line of ${bytes} bytes on stdout was dropped`),
  });
  readLines(child.stderr, STDERR, {
    line: (text) => listener.output('stderr', text),
    dropped: (bytes) => listener.output('bridge', `a line of ${bytes} bytes on stderr was dropped`),
  });
  child.stdin.on('error', () => undefined);

  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      // Processes that it started and left behind could hold the pipes open forever.
      signalGroup(pid, 'SIGKILL');
      const description = describeEnd(code, signal, confined !== undefined);
      const timer = setTimeout(() => resolve(description), TERM_GRACE_MS);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(description);
      });
    });
  });

  async function stop(): Promise<void> {
    child.stdin.end();
    const timers = [
      // Not to the group of bwrap, which would end everything at once.
      setTimeout(() => signalGroup(group, 'SIGTERM'), STDIN_GRACE_MS),
      setTimeout(() => signalGroup(pid, 'SIGKILL'), STDIN_GRACE_MS + TERM_GRACE_MS),
    ];
    await ended;
    for (const timer of timers) clearTimeout(timer);
  }
  return {
    pid,
    ended,
    stop,
    kill: () => signalGroup(pid, 'SIGKILL'),
    write(line) {
      if (!child.stdin.writable || child.stdin.writableLength > MAX_UNREAD_BYTES) return false;
      child.stdin.write(`${line}\n`);
      return true;
    },
  };
}
