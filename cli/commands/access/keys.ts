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
      { title: 'MADE' },
      { title: 'USED' },
      { title: 'EXPIRES' },
      { title: 'SERVERS' },
    ],
    keys.map(({ id, label, hint, createdAt, expiresAt, lastUsedAt, servers }) => {
      const isOver = expiresAt !== null && Date.parse(expiresAt) < Date.now();
      return [
        id,
        label || '-',
        hint,
        showTime(createdAt),
        showTime(lastUsedAt),
        { text: showTime(expiresAt), colour: isOver ? 'red' : null },
        servers?.join(' ') ?? 'all',
      ];
    }),
    'It has no key.',
  );
}

function readHours(written: string): number {
  const hours = Number(written);
  if (!(hours >= 0 && hours <= 8_760)) throw new InvalidArgumentError('It is a number of hours, up to 8760.');
  return hours;
}

async function listKeys(api: Api, agent: string): Promise<KeyView[]> {
  return (await api.ask({ path: keysPath(agent), answer: z.object({ items: z.array(keyView) }) })).items;
}

async function make(api: Api, agent: string, { label, expires, servers }: CreateOptions): Promise<KeyCreated> {
  const body = {
    ...(label !== undefined && { label }),
    ...(expires !== undefined && { expiresAt: readMoment(expires, '--expires', 1) }),
    ...(servers !== undefined && { servers }),
  };
  return api.ask({ method: 'POST', path: keysPath(agent), body, answer: keyCreated });
}

/** Writes the key where nobody else can read it; an existing file is left alone. Throws CliError. */
function writeKey(file: string, key: string): void {
  try {
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new CliError(`the key was made, but ${file} cannot be written (${(error as Error).message})`, {
      hint: 'Nobody has seen it: revoke it ("mcpgw keys list" has its id) and create another.',
    });
  }
}

/** Only the key goes to stdout, so that `mcpgw keys create agent > file` keeps it. */
function showKey(output: Output, agent: string, created: KeyCreated, file: string | undefined): void {
  if (file !== undefined) writeKey(file, created.key);
  const { key, ...rest } = created;
  output.result(file === undefined ? created : { ...rest, file }, () => {
    output.note(`Key ${created.id} of ${agent}${file === undefined ? ', shown this once' : `, in ${file}`}:`);
    if (file === undefined) output.text(key);
  });
}

async function create({ api, output }: Context, written: string, options: CreateOptions): Promise<void> {
  const agent = readAgentName(written);
  showKey(output, agent, await make(await api(), agent, options), options.output);
}

async function revokeKey(api: Api, agent: string, id: string): Promise<void> {
  await api.ask({ method: 'DELETE', path: [...keysPath(agent), id], answer: z.unknown() });
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
  const created = await api.ask({
    method: 'POST',
    path: [...keysPath(agent), old, 'rotate'],
    body,
    answer: keyCreated,
  });
  showKey(output, agent, created, file);
  output.note(
    overlap === 0 ? `The old key ${old} is refused from now on.` : `The old key ${old} works for another ${overlap} h.`,
  );
}

/** `mcpgw keys …` */
export function addKeyCommands(program: Command): void {
  const keys = program
    .command('keys')
    .summary('keys of agents')
    .description('Keys of agents. The gateway stores their hashes only: a key is shown once, when it is made.');
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
  addExamples(list, ['mcpgw keys list laptop', 'which keys does it have, until when?']);
  const made = keys
    .command('create')
    .summary('make a key')
    .description('Makes a key and prints it, this once. Only the key goes to stdout.')
    .argument('<agent>', 'name of the agent')
    .option('--label <text>', 'to tell keys apart')
    .option('--expires <when>', 'until when: 90d, 2027-01-31 …')
    .option('--servers <paths>', 'limit it to these servers of the agent; separated by commas', collect)
    .option('-o, --output <file>', 'write it to a new file that only you can read, instead of stdout')
    .action(action((context, options: CreateOptions, written: string) => create(context, written, options)));
  addExamples(
    made,
    ['mcpgw keys create laptop --label "my laptop" --expires 90d', 'for a while'],
    ['mcpgw keys create laptop --output laptop.key', 'not shown at all'],
    ['export MCPGW_KEY=$(mcpgw keys create laptop)', 'into this shell'],
  );
  const rotated = keys
    .command('rotate')
    .summary('replace a key by a new one')
    .description(
      'Makes a new key with the same label and servers. The old one works beside it for --overlap hours, so that no call fails meanwhile.',
    )
    .argument('<agent>', 'name of the agent')
    .argument('[id]', 'id of the old key, where the agent has several')
    .option('--label <text>', 'another label')
    .option('--expires <when>', 'until when the new key holds: 90d, 2027-01-31 …')
    .option('-o, --output <file>', 'write the new key to a new file that only you can read, instead of stdout')
    .option('--overlap <hours>', 'how long the old key still works; 0: no longer', readHours, 24)
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
