import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readMachineState } from '../../machine/index.ts';
import { CliError } from '../../program/cli-error.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { EXIT } from '../../program/exit-codes.ts';
import { readCount } from '../../program/read-count.ts';

const POLL_MS = 300;
const LARGEST_TAIL = 4 * 1024 * 1024;

function readFrom(file: number, from: number): string {
  const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
  const count = readSync(file, bytes, 0, bytes.length, from);
  return bytes.subarray(0, count).toString('utf8');
}

function listServices(logDir: string): string[] {
  try {
    return readdirSync(logDir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new CliError(`${path} cannot be read (${(error as Error).message})`, {
      hint: 'Run this as the user of the gateway, or as root.',
    });
  }
}

/** Prints lines as they are appended, also after the file was rotated, until Ctrl-C. */
async function follow({ output }: Context, path: string, opened: number, from: number): Promise<void> {
  let file = opened;
  let at = from;
  for (;;) {
    await new Promise((done) => setTimeout(done, POLL_MS));
    const text = readFrom(file, at);
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole !== '') output.text(whole.trimEnd());
    at += Buffer.byteLength(whole);
    const now = statSync(path, { throwIfNoEntry: false });
    if (now === undefined || now.ino === fstatSync(file).ino) continue;
    closeSync(file);
    file = open(path);
    at = 0;
  }
}

async function logs(
  context: Context,
  service: string,
  { lines, follow: isFollowing }: { lines: number; follow?: boolean },
): Promise<void> {
  const { logDir } = await readMachineState(context.env);
  const services = listServices(logDir);
  if (!services.includes(service))
    throw new CliError(`there is no log of ${JSON.stringify(service)} in ${logDir}`, {
      exitCode: EXIT.notFound,
      hint: `Available: ${services.join(', ') || 'none; start the gateway first'}.`,
    });
  const path = join(logDir, service, 'current');
  const file = open(path);
  const { size } = fstatSync(file);
  const text = readFrom(file, Math.max(0, size - LARGEST_TAIL));
  const last = text.trimEnd().split('\n').slice(-lines).join('\n');
  if (last !== '') context.output.text(last);
  if (isFollowing === true) await follow(context, path, file, size);
}

/** `mcpgw logs` */
export function addLogsCommand(program: Command): void {
  const command = program
    .command('logs')
    .summary('logs of the gateway on this machine')
    .description('Shows the log of a process of the gateway on this machine: registry, nginx, mcpgw-server, bridge.')
    .argument('[service]', 'name of the process', 'registry')
    .option('-n, --lines <count>', 'number of lines', readCount, 50)
    .option('-f, --follow', 'also print new lines, until Ctrl-C')
    .action(
      action((context, options: { lines: number; follow?: boolean }, service: string) =>
        logs(context, service, options),
      ),
    );
  addExamples(
    command,
    ['mcpgw logs', 'the last lines of the registry'],
    ['mcpgw logs nginx --follow', 'NGINX, with new lines as they are written'],
  );
}
