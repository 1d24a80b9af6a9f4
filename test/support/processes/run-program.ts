import { spawn, type ChildProcess } from 'node:child_process';
import { waitFor } from '../wait-for.ts';

/** A program that a test runs, with all of its output. */
export interface RunningProgram {
  pid: number;
  stdout: () => string;
  stderr: () => string;
  /** Resolves with the exit code, or the signal's name. */
  ended: Promise<number | string>;
  isRunning: () => boolean;
  /** Waits until stdout contains a line that matches; throws with everything printed when the program ends before. */
  line: (pattern: RegExp, limitMs?: number) => Promise<string>;
  /** Sends SIGTERM, after 20 s SIGKILL, and waits for the end. */
  stop: (signal?: NodeJS.Signals) => Promise<number | string>;
}

const LAST_CHANCE_MS = 20_000;
const running = new Set<ChildProcess>();
// A test file that is terminated leaves no process behind either.
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

interface ProgramOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
}

/** Starts a program; stdin is empty, both outputs are stored. */
export function runProgram(command: string, args: string[], { env, cwd }: ProgramOptions = {}): RunningProgram {
  const child = spawn(command, args, { env: env ?? process.env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  running.add(child);
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => {
      output.stderr += error.message;
      running.delete(child);
      resolve(error.message);
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve(code ?? signal ?? 'unknown');
    });
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  return {
    pid: child.pid ?? -1,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    ended,
    isRunning,
    async line(pattern, limitMs = 60_000) {
      return waitFor(
        `a line ${String(pattern)}`,
        () => {
          const found = output.stdout.split('\n').find((one) => pattern.test(one));
          if (found === undefined && !isRunning()) return Promise.resolve(`ended: ${output.stdout}\n${output.stderr}`);
          return found;
        },
        limitMs,
      ).then(
        (found) => {
          if (!pattern.test(found) || found.startsWith('ended: ')) throw new Error(`${command} ${found}`);
          return found;
        },
        (error: unknown) => {
          throw new Error(`${command}: ${String(error)}\n${output.stdout}\n${output.stderr}`, { cause: error });
        },
      );
    },
    async stop(signal = 'SIGTERM') {
      if (isRunning()) child.kill(signal);
      const killer = setTimeout(() => child.kill('SIGKILL'), LAST_CHANCE_MS);
      const code = await ended;
      clearTimeout(killer);
      return code;
    },
  };
}
