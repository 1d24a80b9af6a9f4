import type { Command } from 'commander';
import { probeResult, serverChange, type ServerChange } from '@mcpgw/registry/contract';
import { plural, withProgress, type Output } from '../../output/index.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { EXIT } from '../../program/exit-codes.ts';
import { readPath } from './server-path.ts';
import { showChange } from './show-change.ts';

interface Change {
  name: string;
  summary: string;
  doing: string;
  done: string;
  method: 'PATCH' | 'DELETE' | 'POST';
  below: string[];
  body?: object;
}

const CHANGES: readonly Change[] = [
  {
    name: 'enable',
    summary: 'enable a server',
    doing: 'Enabling',
    done: 'enabled',
    method: 'PATCH',
    below: [],
    body: { enabled: true },
  },
  {
    name: 'disable',
    summary: 'disable a server: its calls are refused',
    doing: 'Disabling',
    done: 'disabled',
    method: 'PATCH',
    below: [],
    body: { enabled: false },
  },
  {
    name: 'adapt',
    summary: 'offer a server in every protocol version, whatever it supports itself',
    doing: 'Adapting',
    done: 'offered in every protocol version',
    method: 'PATCH',
    below: [],
    body: { adapt: true },
  },
  {
    name: 'pass-through',
    summary: 'no longer adapt a server: NGINX passes its own protocol through',
    doing: 'Changing',
    done: 'passed through',
    method: 'PATCH',
    below: [],
    body: { adapt: false },
  },
  {
    name: 'remove',
    summary: 'remove a server; "restore" undoes it',
    doing: 'Removing',
    done: 'removed',
    method: 'DELETE',
    below: [],
  },
  {
    name: 'restore',
    summary: 'undo a removal',
    doing: 'Restoring',
    done: 'restored',
    method: 'POST',
    below: ['restore'],
  },
];

async function change(
  context: Context,
  { doing, done, method, below, body }: Change,
  paths: string[],
  wait: boolean,
): Promise<void> {
  const api = await context.api();
  const results: ServerChange[] = [];
  for (const path of paths.map(readPath)) {
    const result = await withProgress(`${doing} ${path}`, () =>
      api.request({ method, path: ['api', 'servers', path, ...below], query: { wait }, body, response: serverChange }),
    );
    if (!context.output.isJson) showChange(context.output, result, done);
    results.push(result);
  }
  showJson(context.output, results);
}

/** Prints one document: for one path the response of the API, for several a list. */
function showJson(output: Output, results: readonly object[]): void {
  if (output.isJson) output.result(results.length === 1 ? results[0] : results, () => undefined);
}

async function refresh(context: Context, paths: string[]): Promise<number> {
  const api = await context.api();
  let code: number = EXIT.done;
  const results: object[] = [];
  for (const path of paths.map(readPath)) {
    const found = await withProgress(`Checking ${path}`, () =>
      api.request({ method: 'POST', path: ['api', 'servers', path, 'refresh'], response: probeResult }),
    );
    if (found.problem !== null) code = EXIT.found;
    results.push(found);
    if (context.output.isJson) continue;
    if (found.problem === null)
      context.output.text(`${path} responds and lists ${plural(found.tools.length, 'tool')}.`);
    else context.output.text(`${path}: ${found.problem}${found.remedy === null ? '' : `\n  ${found.remedy}`}`);
  }
  showJson(context.output, results);
  return code;
}

/** `mcpgw servers enable | disable | remove | restore | refresh` */
export function addServersChange(servers: Command): void {
  for (const one of CHANGES) {
    const command = servers
      .command(one.name)
      .summary(one.summary)
      .description(`${one.summary.charAt(0).toUpperCase()}${one.summary.slice(1)}.`)
      .argument('<path...>', 'path of the server, or several')
      .option('--no-wait', 'do not wait until NGINX serves the change')
      .action(action((context, { wait }: { wait: boolean }, paths: string[]) => change(context, one, paths, wait)));
    if (one.name === 'remove') command.alias('rm');
    addExamples(command, [`mcpgw servers ${one.name} weather`, one.summary.split(/[:;]/)[0] ?? '']);
  }
  const command = servers
    .command('refresh')
    .summary('check a server now and list its tools')
    .description('Checks a server now and lists its tools. Exit code 6 if the check finds a problem.')
    .argument('<path...>', 'path of the server, or several')
    .action(action((context, _options, paths: string[]) => refresh(context, paths)));
  addExamples(command, ['mcpgw servers refresh weather', 'after it was updated']);
}
