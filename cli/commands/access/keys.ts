import { writeFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import { z } from 'zod';
import { keyCreated, keyView, type KeyCreated, type KeyView } from '@mcpgw/registry/contract';
import type { Api } from '../../api/index.ts';
import { plural, showTime, type Output } from '../../output/index.ts';
import { CliError, usageError } from '../../program/cli-error.ts';
import { collect } from '../../program/collect.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { readMoment } from '../../program/read-moment.ts';
import { readAgentName } from './names.ts';

interface CreateOptions {
  label?: string;
  expires?: string;
  output?: string;
  servers?: string[];
}
interface RotateOptions extends CreateOptions {
  overlap: number;
}

const keysPath = (agent: string): string[] => ['api', 'agents', agent, 'keys'];

/** A table of keys; never the keys themselves. */
export function showKeys(output: Output, keys: readonly KeyView[]): void {
  output.table(
    [
      { title: 'ID' },
      { title: 'LABEL' },
      { title: 'ENDS WITH' },
      { title: 'CREATED' },
      { title: 'USED' },
      { title: 'EXPIRES' },
      { title: 'SERVERS' },
    ],
    keys.map(({ id, label, hint, createdAt, expiresAt, lastUsedAt, servers }) => {
      const isExpired = expiresAt !== null && Date.parse(expiresAt) < Date.now();
      return [
        id,
        label || '-',
        hint,
        showTime(createdAt),
        showTime(lastUsedAt),
        { text: showTime(expiresAt), colour: isExpired ? 'red' : null },
        servers?.join(' ') ?? 'all',
      ];
    }),
    'There are no keys.',
  );
}

function readHours(written: string): number {
  const hours = Number(written);
  if (!(hours >= 0 && hours <= 8_760)) throw new InvalidArgumentError('It must be a number of hours, up to 8760.');
  return hours;
}

async function listKeys(api: Api, agent: string): Promise<KeyView[]> {
  return (await api.request({ path: keysPath(agent), response: z.object({ items: z.array(keyView) }) })).items;
}

async function createKey(api: Api, agent: string, { label, expires, servers }: CreateOptions): Promise<KeyCreated> {
  const body = {
    ...(label !== undefined && { label }),
    ...(expires !== undefined && { expiresAt: readMoment(expires, '--expires', 1) }),
    ...(servers !== undefined && { servers }),
  };
  return api.request({ method: 'POST', path: keysPath(agent), body, response: keyCreated });
}

/** Writes the key to a new file that nobody else can read; an existing file is not overwritten. Throws CliError. */
function writeKey(file: string, key: string): void {
  try {
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new CliError(`the key was created, but ${file} cannot be written (${(error as Error).message})`, {
      hint: 'Nobody has seen it: revoke it ("mcpgw keys list" shows its id) and create another.',
    });
  }
}

/** Only the key goes to stdout, so that `mcpgw keys create agent > file` stores it. */
function showKey(output: Output, agent: string, created: KeyCreated, file: string | undefined): void {
  if (file !== undefined) writeKey(file, created.key);
  const { key, ...rest } = created;
  output.result(file === undefined ? created : { ...rest, file }, () => {
    output.note(`Key ${created.id} of ${agent}${file === undefined ? ', shown only once' : `, in ${file}`}:`);
    if (file === undefined) output.text(key);
  });
}

async function create({ api, output }: Context, written: string, options: CreateOptions): Promise<void> {
  const agent = readAgentName(written);
  showKey(output, agent, await createKey(await api(), agent, options), options.output);
}

async function revokeKey(api: Api, agent: string, id: string): Promise<void> {
  await api.request({ method: 'DELETE', path: [...keysPath(agent), id], response: z.unknown() });
}

async function rotate(
  { api: connect, output }: Context,
  written: string,
  id: string | undefined,
  { overlap, label, expires, output: file }: RotateOptions,
): Promise<void> {
  const agent = readAgentName(written);
  const api = await connect();
  const keys = id === undefined ? await listKeys(api, agent) : [];
  const old = id ?? (keys.length === 1 ? keys[0]?.id : undefined);
  if (old === undefined)
    throw usageError(`${agent} has ${plural(keys.length, 'key')}; name the one to replace`, `mcpgw keys list ${agent}`);
  const body = {
    overlapHours: overlap,
    ...(label !== undefined && { label }),
    ...(expires !== undefined && { expiresAt: readMoment(expires, '--expires', 1) }),
  };
  const created = await api.request({
    method: 'POST',
    path: [...keysPath(agent), old, 'rotate'],
    body,
    response: keyCreated,
  });
  showKey(output, agent, created, file);
  output.note(
    overlap === 0 ? `The old key ${old} is refused from now on.` : `The old key ${old} remains valid for ${overlap} h.`,
  );
}

/** `mcpgw keys …` */
export function addKeyCommands(program: Command): void {
  const keys = program
    .command('keys')
    .summary('keys of agents')
    .description('Keys of agents. The gateway stores their hashes only: a key is shown once, when it is created.');
  const list = keys
    .command('list')
    .alias('ls')
    .summary('list the keys of an agent')
    .description('Lists the keys of an agent by id, label and last characters.')
    .argument('<agent>', 'name of the agent')
    .action(
      action(async ({ api, output }, _options, written: string) => {
        const found = await listKeys(await api(), readAgentName(written));
        output.result(found, () => {
          showKeys(output, found);
        });
      }),
    );
  addExamples(list, ['mcpgw keys list laptop', 'which keys does it have, and when do they expire?']);
  const created = keys
    .command('create')
    .summary('create a key')
    .description('Creates a key and prints it, only once. Only the key is written to stdout.')
    .argument('<agent>', 'name of the agent')
    .option('--label <text>', 'a name to distinguish keys')
    .option('--expires <when>', 'when it expires: 90d, 2027-01-31 …')
    .option('--servers <paths>', 'limit it to these servers of the agent; separated by commas', collect)
    .option('-o, --output <file>', 'write it to a new file that only you can read, instead of stdout')
    .action(action((context, options: CreateOptions, written: string) => create(context, written, options)));
  addExamples(
    created,
    ['mcpgw keys create laptop --label "my laptop" --expires 90d', 'one that expires'],
    ['mcpgw keys create laptop --output laptop.key', 'written to a file, not shown'],
    ['export MCPGW_KEY=$(mcpgw keys create laptop)', 'into a variable of this shell'],
  );
  const rotated = keys
    .command('rotate')
    .summary('replace a key by a new one')
    .description(
      'Creates a new key with the same label and servers. The old key remains valid for --overlap hours, so that no call fails meanwhile.',
    )
    .argument('<agent>', 'name of the agent')
    .argument('[id]', 'id of the old key, if the agent has several')
    .option('--label <text>', 'another label')
    .option('--expires <when>', 'when the new key expires: 90d, 2027-01-31 …')
    .option('-o, --output <file>', 'write the new key to a new file that only you can read, instead of stdout')
    .option('--overlap <hours>', 'how long the old key remains valid; 0: not at all', readHours, 24)
    .action(
      action((context, options: RotateOptions, written: string, id: string | undefined) =>
        rotate(context, written, id, options),
      ),
    );
  addExamples(rotated, ['mcpgw keys rotate laptop --expires 90d', 'a new one for the next 90 days']);
  const revoked = keys
    .command('revoke')
    .summary('refuse a key from now on')
    .description('Revokes a key: it is refused on its next call.')
    .argument('<agent>', 'name of the agent')
    .argument('<id>', 'id of the key')
    .action(
      action(async ({ api, output }, _options, written: string, id: string) => {
        await revokeKey(await api(), readAgentName(written), id);
        output.result({ revoked: id }, () => {
          output.text(`The key ${id} is revoked.`);
        });
      }),
    );
  addExamples(revoked, ['mcpgw keys revoke laptop 3f0c9e', 'the id is in "mcpgw keys list laptop"']);
}
