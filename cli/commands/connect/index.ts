import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { writeSnippet } from '@mcpgw/registry/contract';
import { readKey } from '../../api/index.ts';
import {
  addSnippet,
  backUp,
  hashOf,
  listClientFiles,
  locateFile,
  readRecords,
  removeSnippet,
  showDiff,
  writeRecords,
  type ClientFile,
  type ConnectRecord,
  type Scope,
} from '../../connect/index.ts';
import { readText, writeText } from '../../files/index.ts';
import { CliError, usageError } from '../../program/cli-error.ts';
import { confirm } from '../../program/confirm.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { EXIT } from '../../program/exit-codes.ts';
import { readTargets } from './targets.ts';

interface Options {
  scope?: Scope;
  file?: string;
  includeKey?: boolean;
  print?: boolean;
  undo?: boolean;
  yes?: boolean;
}

const PLACEHOLDER = 'YOUR_KEY';

function findClient(name: string, env: NodeJS.ProcessEnv): ClientFile {
  const clients = listClientFiles(env);
  const found = clients.find(({ client }) => client === name);
  if (found !== undefined) return found;
  throw usageError(
    `the configuration file of ${JSON.stringify(name)} is unknown`,
    `Known clients: ${clients.map(({ client }) => client).join(', ')}.`,
  );
}

function chooseFile(client: ClientFile, { scope, file }: Options): string {
  if (file !== undefined) return resolve(file);
  const found = locateFile(client, scope, process.cwd());
  if (found !== null) return found;
  throw usageError(`${client.title} has no file for --scope ${scope ?? ''}`, 'Name one with --file.');
}

async function writeFor(
  context: Context,
  client: ClientFile,
  paths: string[],
  { includeKey }: Options,
): Promise<string> {
  const {
    options: { keyFile },
    env,
  } = context;
  const targets = await readTargets(context, paths);
  const key = includeKey === true ? (readKey(keyFile, env)?.key ?? null) : null;
  if (includeKey === true && key === null)
    throw usageError('there is no key to include', 'Set MCPGW_KEY, or use --key-file.');
  const { text } = writeSnippet(client.snippet, targets, key);
  if (text.includes(PLACEHOLDER))
    throw usageError(
      `${client.title} accepts the key only as plain text in its file`,
      'Add --include-key, with MCPGW_KEY or --key-file.',
    );
  return text;
}

async function connect(context: Context, client: ClientFile, paths: string[], options: Options): Promise<void> {
  const { output, env } = context;
  const snippet = await writeFor(context, client, paths, options);
  if (options.print === true) {
    output.text(snippet);
    return;
  }
  const file = chooseFile(client, options);
  const before = readText(file);
  const { text, added } = addSnippet(client.format, before ?? '', snippet, file);
  if (text === before) {
    output.result({ file, changed: false }, () => output.text(`${file} is already up to date.`));
    return;
  }
  showDiff(output, file, before ?? '', text);
  await confirm(`Write ${file}?`, options.yes, 'nothing was written');
  const backup = before === null ? null : backUp(env, file);
  writeText(file, text, { secret: options.includeKey === true });
  const record: ConnectRecord = {
    client: client.client,
    format: client.format,
    file,
    backup,
    hash: hashOf(text),
    added,
    at: new Date().toISOString(),
  };
  writeRecords(env, [...readRecords(env), record]);
  output.result({ file, backup, changed: true }, () => {
    output.text(`Wrote ${file}. ${client.then}`);
    output.note(`Undo: mcpgw connect ${client.client} --undo`);
  });
}

/** The previous content of the file: byte for byte if nobody changed it since, else without what was added. Null: there was no file. */
function restoreContent({ format, file, backup, hash, added }: ConnectRecord, now: string): string | null {
  const isSame = hashOf(now) === hash;
  if (isSame && backup === null) return null;
  // A YAML file is written as a whole, so its backup is restored even if somebody edited it. For other formats a missing backup is no reason to remove the file.
  const before = (isSame || format === 'yaml') && backup !== null ? readText(backup) : null;
  return before ?? removeSnippet(format, now, added, file);
}

async function undo({ env, output }: Context, client: ClientFile, options: Options): Promise<void> {
  const all = readRecords(env);
  const requested = options.file === undefined && options.scope === undefined ? null : chooseFile(client, options);
  const record = all.findLast((one) => one.client === client.client && (requested === null || one.file === requested));
  if (record === undefined)
    throw new CliError(`there is nothing to undo for ${client.title}`, { exitCode: EXIT.notFound });
  const { file } = record;
  const now = readText(file);
  const before = now === null ? null : restoreContent(record, now);
  if (now !== null) {
    showDiff(output, file, now, before ?? '');
    await confirm(`Write ${file}?`, options.yes, 'nothing was written');
    if (before === null) rmSync(file);
    else writeText(file, before);
  }
  writeRecords(
    env,
    all.filter((one) => one !== record),
  );
  output.result({ file, removed: before === null }, () => {
    output.text(before === null ? `${file} is removed; it did not exist before.` : `${file} is restored.`);
  });
}

function list({ env, output }: Context): void {
  const clients = listClientFiles(env);
  output.result(
    clients.map(({ client, title, files }) => ({ client, title, files: Object.fromEntries(files) })),
    () => {
      output.table(
        [{ title: 'CLIENT' }, { title: 'NAME' }, { title: 'SCOPE' }, { title: 'FILE' }],
        clients.flatMap(({ client, title, files }) =>
          files.map(([scope, file], at) => [at === 0 ? client : '', at === 0 ? title : '', scope, file]),
        ),
        '',
      );
    },
  );
}

/** `mcpgw connect` */
export function addConnectCommand(program: Command): void {
  const command = program
    .command('connect')
    .summary('write the configuration of a client')
    .description(
      'Writes servers of the gateway into the configuration file of a client, after showing the changes. Everything else in the file remains, comments included; a backup is stored, and --undo restores it. The key is not written to the file (the client reads MCPGW_KEY or asks for it) unless --include-key is set.\nWithout a client, lists the known clients.',
    )
    .argument('[client]', 'claude-code, claude-desktop, vscode, cursor, codex …')
    .argument('[path...]', 'paths of servers; without them, all that are enabled')
    .addOption(new Option('--scope <scope>', 'file of this project, or of the user').choices(['project', 'user']))
    .option('--file <file>', 'another file')
    .option('--include-key', 'write the key of MCPGW_KEY or --key-file into the file')
    .option('--print', 'print what would be added, and write nothing')
    .option('--undo', 'undo the last change for this client')
    .option('-y, --yes', 'do not ask')
    .action(
      action((context, options: Options, name: string | undefined, paths: string[]) => {
        if (name === undefined) {
          list(context);
          return Promise.resolve();
        }
        const client = findClient(name, context.env);
        return options.undo === true ? undo(context, client, options) : connect(context, client, paths, options);
      }),
    );
  addExamples(
    command,
    ['mcpgw connect', 'which clients are known, and where are their files?'],
    ['mcpgw connect cursor weather', 'one server, in this project'],
    ['mcpgw connect claude-desktop weather --include-key', 'a client that does not support variables'],
    ['mcpgw connect codex --undo', 'restore the file'],
  );
}
