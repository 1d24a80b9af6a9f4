import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { isRecord, serverChange, transport } from '@mcpgw/registry/contract';
import { withProgress } from '../../output/index.ts';
import { usageError } from '../../program/cli-error.ts';
import { collect, collectWhole } from '../../program/collect.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { addConfinementOptions, readConfinement, type ConfinementOptions } from './confinement.ts';
import { readPath } from './server-path.ts';
import { showChange } from './show-change.ts';

interface Options extends ConfinementOptions {
  name?: string;
  description?: string;
  tag?: string[];
  transport?: string;
  adapt?: boolean;
  header?: string[];
  env?: string[];
  cwd?: string;
  confine?: boolean;
  tools?: string;
  disabled?: boolean;
  wait: boolean;
}

const TOOLS_HINT =
  'Write a JSON list as [{"server": "weather", "tool": "get_forecast", "name": "forecast"}]; docs/virtual-servers.md has more.';

/** The value of a header is a secret, so it is read from a file or the environment: other users can see the command line. */
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

/** The tools of a virtual server: a list, or an object that has it as "tools". */
function readTools(file: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return { transport: 'virtual', tools: isRecord(read) ? read['tools'] : read };
  } catch (error) {
    throw usageError(`--tools: ${file} cannot be read (${(error as Error).message})`, TOOLS_HINT);
  }
}

const URL_SCHEMES = 'http://, https://, ws:// or wss://';
const isServerUrl = (word: string): boolean => /^(https?|wss?):\/\//i.test(word);

function describeTarget(words: string[], options: Options): Record<string, unknown> {
  const { env = [], cwd, tools, confine } = options;
  const [first, ...rest] = words;
  const described = readConfinement(options);
  if (described !== undefined && confine !== true)
    throw usageError('--network, --writes-anywhere, --writable, --readable and --hidden require --confine');
  if (tools !== undefined) {
    if (first !== undefined) throw usageError('a virtual server takes only --tools; leave out the URL or command');
    return readTools(tools);
  }
  if (first === undefined)
    throw usageError('name what to register: a URL, a command after "--", or --tools with a file');
  if (!isServerUrl(first)) {
    const [scheme] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(first) ?? [];
    if (scheme !== undefined)
      throw usageError(
        `${JSON.stringify(first)} is not the URL of a server`,
        `Begin with ${URL_SCHEMES}, not ${scheme}`,
      );
    return {
      command: first,
      args: rest,
      ...(env.length > 0 && { env: Object.fromEntries(env.map(readVariable)) }),
      ...(cwd !== undefined && { cwd }),
      ...(confine === true && { confinement: described ?? {} }),
    };
  }
  if (env.length > 0 || cwd !== undefined || confine === true)
    throw usageError('--env, --cwd and --confine are for programs, not for URLs');
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
    ...(options.adapt === true && { adapt: true }),
    ...(header.length > 0 && { headers: Object.fromEntries(header.map((one) => readHeader(one, context.env))) }),
    ...(disabled === true && { enabled: false }),
  };
  const api = await context.api();
  const change = await withProgress(`Registering ${body.path}`, () =>
    api.request({ method: 'POST', path: ['api', 'servers'], query: { wait }, body, response: serverChange }),
  );
  showChange(context.output, change, 'registered');
}

/** `mcpgw servers add` */
export function addServersAdd(servers: Command): void {
  const command = servers
    .command('add')
    .summary('register a server')
    .description(
      'Registers a server: the URL of a running server (several URLs: instances of the same server), or after "--" the command of a program that the gateway runs (STDIO_COMMANDS=allow, administrators only). With --tools it is a virtual server: tools of other servers at its own path.',
    )
    .argument('<path>', 'where it is reached: <gateway>/<path>/mcp')
    .argument('[target...]', 'its URL or URLs; or, after "--", a command with its arguments')
    .option('--name <name>', 'name for people')
    .option('--description <text>', 'what it is for')
    .option('--tag <tag>', 'a tag; several separated by commas', collect)
    .addOption(new Option('--transport <transport>', 'transport, if not the detected one').choices(transport.options))
    .option('--adapt', 'offer it in every protocol version: the bridge adapts its protocol')
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
    .option('--cwd <folder>', 'working folder of a program')
    .option('--confine', 'confine a program: no network, read-only, no data of the gateway; requires bubblewrap')
    .option('--tools <file>', 'JSON file with the tools of a virtual server')
    .option('--disabled', 'register it disabled')
    .option('--no-wait', 'do not wait until NGINX serves it')
    .action(action((context, options: Options, path: string, words: string[]) => add(context, options, path, words)));
  addConfinementOptions(command);
  addExamples(
    command,
    ['mcpgw servers add weather http://localhost:8000/mcp --tag demo', 'a running server'],
    ['mcpgw servers add prices wss://prices.example.com/mcp', 'a WebSocket server'],
    [
      "mcpgw servers add github https://api.example.com/mcp --header 'Authorization=$GITHUB_AUTH'",
      'with a credential from the environment',
    ],
    [
      "mcpgw servers add files --env 'TOKEN=${FILES_TOKEN}' -- npx -y @modelcontextprotocol/server-filesystem /srv/files",
      'a program',
    ],
    ['mcpgw servers add notes --confine --writable /srv/notes -- /opt/notes/server', 'a program without network'],
    ['mcpgw servers add desk --tools desk.json', 'tools of several servers at one path'],
  );
}
