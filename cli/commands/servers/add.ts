import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { serverChange, transport } from '@mcpgw/registry/contract';
import { withProgress } from '../../output/index.ts';
import { usageError } from '../../program/cli-error.ts';
import { collect, collectWhole } from '../../program/collect.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { readPath } from './server-path.ts';
import { showChange } from './show-change.ts';

interface Options {
  name?: string;
  description?: string;
  tag?: string[];
  transport?: string;
  header?: string[];
  env?: string[];
  cwd?: string;
  disabled?: boolean;
  wait: boolean;
}

/** A header's value is a secret, so it comes from a file or the environment: on the command line other users would see it. */
function readHeader(written: string, env: NodeJS.ProcessEnv): [string, string] {
  const [, name, from, where = ''] = /^([^=]+)=([@$])(.+)$/.exec(written) ?? [];
  if (name === undefined)
    throw usageError(
      `--header: ${JSON.stringify(written.split('=')[0])} has no source for its value`,
      "Write --header Authorization=@file, or --header 'Authorization=$VARIABLE' (in single quotes): a value itself would be visible to other users.",
    );
  if (from === '$') {
    const value = env[where.replace(/^\{(.*)\}$/, '$1')];
    if (value === undefined || value === '') throw usageError(`--header: the variable ${where} is not set`);
    return [name, value];
  }
  try {
    return [name, readFileSync(where, 'utf8').trim()];
  } catch (error) {
    throw usageError(`--header: ${where} cannot be read (${(error as Error).message})`);
  }
}

function readVariable(written: string): [string, string] {
  const [, name, value] = /^([^=]+)=([^]*)$/.exec(written) ?? [];
  if (name === undefined || value === undefined)
    throw usageError(`--env: ${JSON.stringify(written)} is not NAME=value`);
  return [name, value];
}

function describeTarget(words: string[], { env = [], cwd }: Options): Record<string, unknown> {
  const [first, ...rest] = words;
  if (first === undefined) throw usageError('name what is registered: a URL, or a command after "--"');
  if (!/^https?:\/\//i.test(first))
    return {
      command: first,
      args: rest,
      ...(env.length > 0 && { env: Object.fromEntries(env.map(readVariable)) }),
      ...(cwd !== undefined && { cwd }),
    };
  if (env.length > 0 || cwd !== undefined) throw usageError('--env and --cwd are for programs, not for URLs');
  return words.length === 1 ? { url: first } : { instances: words.map((url) => ({ url })) };
}

async function add(context: Context, options: Options, path: string, words: string[]): Promise<void> {
  const { name, description, tag, transport: kind, header = [], disabled, wait } = options;
  const body = {
    path: readPath(path),
    ...describeTarget(words, options),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tag !== undefined && { tags: tag }),
    ...(kind !== undefined && { transport: kind }),
    ...(header.length > 0 && { headers: Object.fromEntries(header.map((one) => readHeader(one, context.env))) }),
    ...(disabled === true && { enabled: false }),
  };
  const api = await context.api();
  const change = await withProgress(`Registering ${body.path}`, () =>
    api.ask({ method: 'POST', path: ['api', 'servers'], query: { wait }, body, answer: serverChange }),
  );
  showChange(context.output, change, 'registered');
}

/** `mcpgw servers add` */
export function addServersAdd(servers: Command): void {
  const command = servers
    .command('add')
    .summary('register a server')
    .description(
      'Registers a server: the URL of one that runs (several URLs: instances of the same), or after "--" the command of a program that the gateway runs (STDIO_COMMANDS=allow, administrators only).',
    )
    .argument('<path>', 'where it is reached: <gateway>/<path>/mcp')
    .argument('<target...>', 'its URL or URLs; or, after "--", a command with its arguments')
    .option('--name <name>', 'name for people')
    .option('--description <text>', 'what it is for')
    .option('--tag <tag>', 'a tag; several separated by commas', collect)
    .addOption(new Option('--transport <transport>', 'what it speaks, if not what is found').choices(transport.options))
    .option(
      '--header <name=source>',
      'header that the gateway sends it; the source is @file or $VARIABLE',
      collectWhole,
    )
    .option(
      '--env <name=value>',
      'variable of a program; ${VAR} and ${file:/path} are read by the gateway',
      collectWhole,
    )
    .option('--cwd <folder>', 'folder that a program runs in')
    .option('--disabled', 'register it switched off')
    .option('--no-wait', 'do not wait until NGINX serves it')
    .action(action((context, options: Options, path: string, words: string[]) => add(context, options, path, words)));
  addExamples(
    command,
    ['mcpgw servers add weather http://localhost:8000/mcp --tag demo', 'one that runs'],
    [
      "mcpgw servers add github https://api.example.com/mcp --header 'Authorization=$GITHUB_AUTH'",
      'with a credential from the environment',
    ],
    [
      "mcpgw servers add files --env 'TOKEN=${FILES_TOKEN}' -- npx -y @modelcontextprotocol/server-filesystem /srv/files",
      'a program',
    ],
  );
}
