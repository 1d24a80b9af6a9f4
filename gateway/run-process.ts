import { spawn } from 'node:child_process';

/** A process of a gateway. */
export interface GatewayProcess {
  name: string;
  pid: number;
  /** The end of its output. */
  output(): string;
  isRunning(): boolean;
  /** SIGTERM, and SIGKILL for the whole group when it does not end. */
  stop(): Promise<void>;
}

interface ProcessOptions {
  name: string;
  command: readonly string[];
  env: Record<string, string>;
  /** Descriptor of an open file that the process inherits. */
  inherits: number;
}

const MAX_OUTPUT = 20_000;
const KILL_AFTER_MS = 8_000;

/** Starts a process in its own process group, and captures its output. */
export function runProcess({ name, command: [program = '', ...args], env, inherits }: ProcessOptions): GatewayProcess {
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe', inherits] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-MAX_OUTPUT);
    });
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      resolve();
    });
    child.once('exit', () => resolve());
  });
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const signal = (which: NodeJS.Signals, pid: number) => {
    try {
      process.kill(pid, which);
    } catch {
      // It has ended meanwhile.
    }
  };
  return {
    name,
    pid: child.pid ?? 0,
    output: () => output,
    isRunning,
    async stop() {
      const { pid } = child;
      if (pid === undefined) return;
      if (isRunning()) signal('SIGTERM', pid);
      const killer = setTimeout(() => signal('SIGKILL', -pid), KILL_AFTER_MS);
      await ended;
      clearTimeout(killer);
      // Workers of a master that was killed.
      signal('SIGKILL', -pid);
    },
  };
}
