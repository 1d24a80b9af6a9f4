import { spawn } from 'node:child_process';
import { CliError } from '../program/cli-error.ts';

interface Run {
  env: NodeJS.ProcessEnv;
  /** Name of the program in errors. */
  what: string;
}

function whenEnded(child: ReturnType<typeof spawn>, what: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new CliError(`${what} cannot be run (${error.message})`, { cause: error }));
    });
    child.once('close', (code, signal) => {
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Runs a program on this terminal and returns its exit code; the program handles Ctrl-C. Throws CliError if it cannot be run. */
export async function runHere(command: string, args: readonly string[], { env, what }: Run): Promise<number> {
  const child = spawn(command, args, { env, stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  // Ctrl-C reaches both through the terminal; a service manager signals this process only.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore).on('SIGTERM', forward).on('SIGHUP', forward);
  try {
    return await whenEnded(child, what);
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', forward).off('SIGHUP', forward);
  }
}

/** Runs a program and returns what it printed and its exit code; its stderr is shown. Throws CliError. */
export async function runAndRead(
  command: string,
  args: readonly string[],
  { env, what }: Run,
): Promise<{ code: number; stdout: string }> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  return { code: await whenEnded(child, what), stdout };
}

/** Starts a program that continues after this one has ended; its output is written to a file descriptor, or discarded. */
export function runBeside(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  output: number | 'ignore',
): Promise<number> {
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', output, output] });
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new CliError(`${command} cannot be run (${error.message})`, { cause: error }));
    });
    child.once('spawn', () => {
      resolve(child.pid ?? 0);
    });
  });
}
