import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CliError, usageError } from '../../program/cli-error.ts';
import { EXIT } from '../../program/exit-codes.ts';

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text.replace(/\r?\n$/, '');
}

/** Prompts on the terminal without echo. */
function prompt(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  return new Promise((resolve, reject) => {
    terminal.once('SIGINT', () => {
      terminal.close();
      process.stderr.write('\n');
      reject(new CliError('no password was entered', { exitCode: EXIT.interrupted }));
    });
    terminal.question('', (answer) => {
      terminal.close();
      process.stderr.write('\n');
      resolve(answer);
    });
  });
}

/** The password: from stdin with `--password-stdin`, from MCPGW_PASSWORD, or typed at the terminal. Throws CliError if there is no terminal either. */
export async function readPassword(
  fromStdin: boolean,
  username: string,
  url: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  if (fromStdin) return readAll(process.stdin);
  const set = env['MCPGW_PASSWORD'];
  if (set !== undefined && set !== '') return set;
  if (!process.stdin.isTTY)
    throw usageError('there is no terminal to ask for the password', 'Use --password-stdin or set MCPGW_PASSWORD.');
  return prompt(`Password of ${username} at ${url}: `);
}
