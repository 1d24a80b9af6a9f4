import type { Command } from 'commander';
import { z } from 'zod';
import { killView, type KillView } from '@mcpgw/registry/contract';
import { showTime } from '../../output/index.ts';
import { CliError, usageError } from '../../program/cli-error.ts';
import { confirm } from '../../program/confirm.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { EXIT } from '../../program/exit-codes.ts';

const kills = z.object({ items: z.array(killView) });
const nameOf = ({ scope, target }: Pick<KillView, 'scope' | 'target'>): string =>
  target === null ? 'everything' : `the ${scope} ${target}`;

/** `all`, `agent <name>` or `server <path>`. Throws CliError. */
function readScope(scope: string, target: string | undefined): Pick<KillView, 'scope' | 'target'> {
  if (scope === 'all' && target === undefined) return { scope, target: null };
  if ((scope === 'agent' || scope === 'server') && target !== undefined)
    return { scope, target: target.replace(/^\/+|\/+$/g, '') };
  throw usageError('the scope is incomplete or unknown; write "all", "agent <name>" or "server <path>"');
}

async function kill(
  { api, output }: Context,
  words: [string, string | undefined],
  { reason, yes }: { reason: string; yes?: boolean },
): Promise<void> {
  const { scope, target } = readScope(...words);
  if (scope === 'all') await confirm('Refuse every call of every agent?', yes, 'nothing was stopped');
  const body = { scope, reason, ...(target !== null && { target }) };
  const created = await (await api()).request({ method: 'POST', path: ['api', 'kill'], body, response: killView });
  output.result(created, () => {
    output.text(`Stopped: ${nameOf(created)}. Calls are refused and open streams end.`);
    output.note(`Undo: mcpgw resume ${scope}${target === null ? '' : ` ${target}`}`);
  });
}

async function resume(
  { api: connect, output }: Context,
  scope: string | undefined,
  target: string | undefined,
): Promise<void> {
  const api = await connect();
  const { items } = await api.request({ path: ['api', 'kill'], response: kills });
  if (scope === undefined) {
    output.result(items, () => {
      output.table(
        [{ title: 'STOPPED' }, { title: 'BY' }, { title: 'SINCE' }, { title: 'REASON' }],
        items.map((one) => [
          nameOf(one),
          one.by,
          showTime(one.at),
          one.enforced ? one.reason : `${one.reason} (NOT ENFORCED YET: mcpgw status)`,
        ]),
        'Nothing is stopped.',
      );
    });
    return;
  }
  const requested = readScope(scope, target);
  const found = items.filter((one) => one.scope === requested.scope && one.target === requested.target);
  if (found.length === 0)
    throw new CliError(`${nameOf(requested)} is not stopped`, {
      exitCode: EXIT.notFound,
      hint: '"mcpgw resume" lists what is stopped.',
    });
  for (const { id } of found) await api.request({ method: 'DELETE', path: ['api', 'kill', id], response: z.unknown() });
  output.result(found, () => {
    output.text(`Resumed: ${nameOf(requested)}.`);
  });
}

/** `mcpgw kill`, `mcpgw resume` */
export function addKillCommands(program: Command): void {
  const stop = program
    .command('kill')
    .summary('refuse all calls of an agent, to a server, or of everybody')
    .description(
      'Turns a kill switch on: calls are refused with the reason from the next request on, and open streams end within a second. It stays on until it is lifted with "mcpgw resume", also across restarts.',
    )
    .argument('<scope>', 'all, agent or server')
    .argument('[target]', 'name of the agent or path of the server')
    .requiredOption('--reason <text>', 'the reason; agents receive it')
    .option('-y, --yes', 'do not ask before everything is stopped')
    .action(
      action((context, options: { reason: string; yes?: boolean }, scope: string, target: string | undefined) =>
        kill(context, [scope, target], options),
      ),
    );
  addExamples(
    stop,
    ['mcpgw kill agent planner --reason "it deletes what it should read"', 'one agent'],
    ['mcpgw kill server weather --reason "poisoned tools"', 'one server'],
    ['mcpgw kill all --reason "incident 42"', 'everything'],
  );
  const lift = program
    .command('resume')
    .summary('lift a kill switch; without arguments, list them')
    .description('Lifts a kill switch. Without arguments, lists those that are on.')
    .argument('[scope]', 'all, agent or server')
    .argument('[target]', 'name of the agent or path of the server')
    .action(
      action((context, _options, scope: string | undefined, target: string | undefined) =>
        resume(context, scope, target),
      ),
    );
  addExamples(
    lift,
    ['mcpgw resume', 'what is stopped, and why?'],
    ['mcpgw resume agent planner', 'allow its calls again'],
  );
}
