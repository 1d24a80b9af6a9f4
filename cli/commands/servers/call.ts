import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Tool } from '@modelcontextprotocol/client';
import { gatewayUrlOf, readKey } from '../../api/index.ts';
import { openClient, readArguments, showResult, type Connection } from '../../mcp/index.ts';
import { withProgress } from '../../output/index.ts';
import { CliError } from '../../program/cli-error.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { EXIT, type ExitCode } from '../../program/exit-codes.ts';
import { readPath } from './server-path.ts';

interface Options {
  transport?: 'http' | 'sse';
  timeout: number;
}

function requireKey({ env, options }: Context): string {
  const key = readKey(options.keyFile, env);
  if (key !== null) return key.key;
  throw new CliError('a call requires the key of an agent', {
    exitCode: EXIT.denied,
    hint: 'Set MCPGW_KEY, or use --key-file. "mcpgw keys create <agent>" creates a key.',
  });
}

function readSeconds(written: string): number {
  const seconds = Number(written);
  if (!(seconds > 0 && seconds <= 86_400))
    throw new InvalidArgumentError('It must be a number of seconds, up to 86400.');
  return seconds;
}

/** All tools that this key may see. */
async function listTools({ client }: Connection): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools({ ...(cursor !== undefined && { cursor }) });
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined && tools.length < 10_000);
  return tools;
}

function showTools(context: Context, path: string, tools: Tool[]): void {
  const { output } = context;
  output.result(tools, () => {
    output.table(
      [{ title: 'TOOL' }, { title: 'ARGUMENTS' }, { title: 'DESCRIPTION' }],
      tools.map(({ name, description, inputSchema }) => {
        const required = new Set(inputSchema.required ?? []);
        const names = Object.keys(inputSchema.properties ?? {}).map((one) => (required.has(one) ? one : `[${one}]`));
        return [name, names.join(' '), (description ?? '').trim().split('\n')[0] ?? ''];
      }),
      `${path} has no tool that this key may use.`,
    );
  });
}

async function call(
  context: Context,
  path: string,
  name: string,
  words: string[],
  { transport, timeout }: Options,
): Promise<ExitCode> {
  const timeoutMs = timeout * 1_000;
  const target = {
    gatewayUrl: gatewayUrlOf(context.options, context.env),
    path,
    key: requireKey(context),
    transport,
    timeoutMs,
  };
  const connection = await withProgress(`Connecting to ${path}`, () => openClient(target));
  try {
    const tools = await listTools(connection);
    const tool = tools.find((one) => one.name === name);
    if (name === '') {
      showTools(context, path, tools);
      return EXIT.done;
    }
    if (tool === undefined)
      throw new CliError(`${path} has no tool ${JSON.stringify(name)} that this key may use`, {
        exitCode: EXIT.notFound,
        hint: `Available: ${tools.map((one) => one.name).join(', ') || 'none'}.`,
      });
    const args = readArguments(words, tool.inputSchema);
    const result = await withProgress(`Calling ${name}`, () =>
      connection.client.callTool({ name, arguments: args }, { timeout: timeoutMs }),
    );
    context.output.result(result, () => {
      showResult(context.output, result);
    });
    return result.isError === true ? EXIT.toolError : EXIT.done;
  } catch (thrown) {
    throw connection.explain(thrown);
  } finally {
    await connection.client.close().catch(() => undefined);
  }
}

/** `mcpgw call`: a tool, through the gateway. */
export function addCallCommand(program: Command): void {
  const command = program
    .command('call')
    .summary('call a tool through the gateway, as an agent does')
    .description(
      'Calls a tool of a server through the gateway with the key of an agent, and prints the result.\nWithout a tool, lists the tools that the key may use.',
    )
    .argument('<path>', 'path of the server')
    .argument('[tool]', 'name of the tool', '')
    .argument('[arguments...]', 'name=value, name:=json, or one JSON object; @file and - (stdin) hold such an object')
    .addOption(new Option('--transport <transport>', 'transport, if not the detected one').choices(['http', 'sse']))
    .option('--timeout <seconds>', 'how long a response may take', readSeconds, 60)
    .action(
      action((context, options: Options, path: string, tool: string, words: string[]) =>
        call(context, readPath(path), tool, words, options),
      ),
    );
  addExamples(
    command,
    ['mcpgw call everything', 'which tools may this key use?'],
    ['mcpgw call everything echo message=hello', 'call one'],
    ['mcpgw call everything get-sum \'{"a": 2, "b": 3}\'', 'arguments as JSON'],
    ['mcpgw call everything echo @arguments.json --json', 'arguments from a file, the whole result as JSON'],
  );
}
