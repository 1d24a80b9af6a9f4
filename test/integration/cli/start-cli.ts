import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../support/gateway/start-gateway.ts';
import { runInside, splitWords, type Ended } from './run-inside.ts';

/** The CLI with its own home folder. */
export interface Cli {
  home: string;
  env: Record<string, string>;
  /** Runs it with these words, in this process unless it gets `input`. */
  run: (words: string[], more?: { env?: Record<string, string>; input?: string; cwd?: string }) => Promise<Ended>;
  /** Runs it with these words as a separate process. */
  spawn: Cli['run'];
  /** Runs a shell line with the command `mcpgw`; in this process if it needs no shell. */
  shell: (line: string, more?: { env?: Record<string, string>; cwd?: string }) => Promise<Ended>;
  /** What it prints with `--json`, parsed; throws unless it ends with 0. */
  json: <T>(words: string[]) => Promise<T>;
  remove: () => void;
}

function collect(
  command: string,
  args: string[],
  env: Record<string, string>,
  cwd: string,
  input = '',
): Promise<Ended> {
  const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.stderr += text));
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...ended, code }));
  });
}

/** Creates a home for the CLI; `url` is the gateway it calls. */
export function startCli(url: string, more: Record<string, string> = {}): Cli {
  const home = mkdtempSync(join(tmpdir(), 'mcpgw-cli-'));
  const bin = join(ROOT, 'node_modules/.bin');
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    MCPGW_URL: url,
    MCPGW_SKIP_BUILD: 'yes',
    ...more,
  };
  const spawned: Cli['run'] = (words, { env: extra = {}, input, cwd = home } = {}) =>
    collect('mcpgw', words, { ...env, ...extra }, cwd, input);
  const run: Cli['run'] = (words, more = {}) => {
    const { env: extra = {}, input, cwd = home } = more;
    // These start programs that print to the terminal of this process.
    const isOwn = input !== undefined || ['backup', 'restore', 'start'].includes(words[0] ?? '');
    return isOwn ? spawned(words, more) : runInside(words, { ...env, ...extra }, cwd);
  };
  return {
    home,
    env,
    run,
    spawn: spawned,
    shell(line, more = {}) {
      const [command, ...words] = splitWords(line) ?? [];
      if (command === 'mcpgw') return run(words, more);
      const { env: extra = {}, cwd = home } = more;
      return collect('bash', ['-euo', 'pipefail', '-c', line], { ...env, ...extra }, cwd);
    },
    async json<T>(words: string[]) {
      const { code, stdout, stderr } = await run([...words, '--json']);
      if (code !== 0) throw new Error(`${words.join(' ')} ended with ${String(code)}: ${stderr}`);
      return JSON.parse(stdout) as T;
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
