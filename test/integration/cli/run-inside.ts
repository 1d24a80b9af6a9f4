import { runCommandLine } from '../../../cli/program/run.ts';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function replaceEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
}

/**
 * Runs one command line in this process, as cli/main.ts does in its own: starting a process for each would take most of the time of a test. What another
 * process would inherit (stdin, a terminal) is missing. One at a time.
 */
export async function runInside(words: readonly string[], env: Record<string, string>, cwd: string): Promise<Ended> {
  const before = { env: { ...process.env }, cwd: process.cwd() };
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  const writers = (['stdout', 'stderr'] as const).map((name) => {
    const write = process[name].write.bind(process[name]);
    process[name].write = (chunk: string | Uint8Array) => {
      ended[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    };
    return () => (process[name].write = write);
  });
  replaceEnvironment(env);
  process.chdir(cwd);
  try {
    ended.code = await runCommandLine(words);
  } finally {
    for (const restore of writers) restore();
    process.chdir(before.cwd);
    replaceEnvironment(before.env);
  }
  return ended;
}

/** The words of a shell line; null: it needs a shell. */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    const [whole = '', ...parts]: (string | undefined)[] =
      /^(?:"([^"$`\\]*)"|'([^']*)'|([\w./:=,@%+-]+))(?=\s|$)\s*/.exec(rest) ?? [];
    if (whole === '') return null;
    words.push(parts.find((part) => part !== undefined) ?? '');
    rest = rest.slice(whole.length);
  }
  return words;
}
