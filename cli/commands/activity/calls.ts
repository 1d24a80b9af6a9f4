import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import { callFilter, callView } from '@mcpgw/registry/contract';
import { listAll } from '../../api/index.ts';
import { plural, withProgress } from '../../output/index.ts';
import { CliError, usageError } from '../../program/cli-error.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { readCount } from '../../program/read-count.ts';
import { addFilter, addSpan, readFilter, readSpan, type FilterOptions, type SpanOptions } from './filter.ts';
import { followCalls } from './follow-calls.ts';
import { showCallLine, showCalls } from './show-calls.ts';

type SearchOptions = FilterOptions & SpanOptions & { limit: number };
type ExportOptions = FilterOptions & SpanOptions & { format: 'jsonl' | 'csv'; output?: string };

/** Shows calls until Ctrl-C, SIGTERM, or `count` calls were shown. */
async function tail(
  { api, output }: Context,
  { count, ...options }: FilterOptions & { count?: number },
): Promise<void> {
  const filter = callFilter.safeParse(
    Object.fromEntries(Object.entries(readFilter(options)).filter(([, value]) => value !== undefined)),
  );
  if (!filter.success)
    throw usageError(filter.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const stopped = new AbortController();
  const stop = (): void => {
    stopped.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  let shown = 0;
  await followCalls(await api(), filter.data, {
    signal: stopped.signal,
    onNote: output.note,
    onCalls(calls, omitted) {
      for (const call of calls) {
        if (count !== undefined && shown >= count) break;
        shown += 1;
        if (output.isJson) output.jsonLine(call);
        else showCallLine(output, call);
      }
      if (omitted > 0) output.note(`… and ${plural(omitted, 'more call')}, not shown`);
      if (count !== undefined && shown >= count) stop();
    },
  });
}

async function search({ api, output }: Context, { limit, ...options }: SearchOptions): Promise<void> {
  const query = { ...readFilter(options), ...readSpan(options) };
  const found = await listAll(await api(), ['api', 'calls'], callView, query, limit);
  output.result(found, () => {
    showCalls(output, found, 'No matching calls.');
  });
}

async function save({ api, output }: Context, { format, output: file, ...options }: ExportOptions): Promise<void> {
  const { body } = await (
    await api()
  ).open(['api', 'calls', 'export'], { format, ...readFilter(options), ...readSpan(options) });
  if (body === null) return;
  const from = Readable.fromWeb(body);
  if (file === undefined) {
    await pipeline(from, process.stdout, { end: false });
    return;
  }
  const to = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  try {
    await withProgress(`Writing ${file}`, () => pipeline(from, to));
  } catch (error) {
    throw new CliError(`${file} cannot be written (${(error as Error).message})`, { cause: error });
  }
  output.note(`Wrote ${file} (${to.bytesWritten} bytes).`);
}

/** `mcpgw calls …` */
export function addCallsCommands(program: Command): void {
  const calls = program
    .command('calls')
    .summary('recorded calls: follow, search, export')
    .description('Calls: every request that reached the gateway, allowed or refused.');
  const tailing = addFilter(
    calls
      .command('tail')
      .summary('show calls as they arrive')
      .description('Shows calls as they are stored, until Ctrl-C. With --json, one line each.'),
  )
    .option('-n, --count <count>', 'stop after this number of calls', readCount)
    .action(action((context, options: FilterOptions & { count?: number }) => tail(context, options)));
  addExamples(
    tailing,
    ['mcpgw calls tail', 'all calls'],
    ['mcpgw calls tail --verdict refused', 'what is refused, and why'],
    ['mcpgw calls tail --server weather --json | jq .durationMs', 'for a program'],
  );
  const searching = addSpan(
    addFilter(calls.command('search').summary('find calls').description('Finds calls, newest first.')),
  )
    .option('-n, --limit <count>', 'maximum number of calls', readCount, 50)
    .action(action((context, options: SearchOptions) => search(context, options)));
  addExamples(
    searching,
    ['mcpgw calls search --since 1h --status failed', 'what failed in the last hour'],
    ['mcpgw calls search --agent laptop --tool forecast', 'what did that agent do?'],
  );
  const exporting = addSpan(
    addFilter(
      calls
        .command('export')
        .summary('write calls to a file')
        .description('Writes calls as JSON Lines or CSV, newest first, to stdout or a new file.'),
    ),
  )
    .addOption(new Option('--format <format>', 'output format').choices(['jsonl', 'csv']).default('jsonl'))
    .option('-o, --output <file>', 'a new file instead of stdout')
    .action(action((context, options: ExportOptions) => save(context, options)));
  addExamples(
    exporting,
    ['mcpgw calls export --since 7d --format csv --output calls.csv', 'for a spreadsheet'],
    ["mcpgw calls export --since 1d | jq -s 'length'", 'how many calls were there?'],
  );
}
