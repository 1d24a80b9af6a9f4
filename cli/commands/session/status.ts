import type { Command } from 'commander';
import { z } from 'zod';
import {
  agentView,
  gatewayView,
  killView,
  listAttention,
  serverView,
  sessionView,
  settingsView,
  statsView,
  type AttentionItem,
} from '@mcpgw/registry/contract';
import { createApi, gatewayUrlOf, listAll, type Api } from '../../api/index.ts';
import { colourOf, plural, showTime } from '../../output/index.ts';
import { CliError } from '../../program/cli-error.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { EXIT, type ExitCode } from '../../program/exit-codes.ts';
import { VERSION } from '../../version.ts';

const ready = z.object({
  status: z.string(),
  generation: z.int().nullable().optional(),
  published: z.boolean().optional(),
  detail: z.string().optional(),
});

interface Details {
  session: z.output<typeof sessionView>;
  version: string;
  servers: Record<string, number>;
  calls: { calls: number; errors: number; refused: number };
  kills: z.output<typeof killView>[];
  attention: AttentionItem[];
}

/** Reads what requires a role. */
async function readDetails(api: Api): Promise<Details> {
  const session = await api.request({ path: ['api', 'session'], response: sessionView });
  const [{ version }, servers, agents, stats, { certificates, problems, rollback }, { items: kills }] =
    await Promise.all([
      api.request({ path: ['api', 'settings'], response: settingsView }),
      listAll(api, ['api', 'servers'], serverView),
      listAll(api, ['api', 'agents'], agentView),
      api.request({ path: ['api', 'stats'], response: statsView }),
      api.request({ path: ['api', 'gateway'], response: gatewayView }),
      api.request({ path: ['api', 'kill'], response: z.object({ items: z.array(killView) }) }),
    ]);
  const counts: Record<string, number> = {};
  for (const { status } of servers) counts[status] = (counts[status] ?? 0) + 1;
  const { calls, errors, refused } = stats.totals;
  return {
    session,
    version,
    servers: counts,
    calls: { calls, errors, refused },
    kills,
    attention: listAttention({ servers, agents, certificates, problems, rollback, stats, nowMs: Date.now() }),
  };
}

function showDetails({ output }: Context, { session, version, servers, calls, kills, attention }: Details): void {
  const counts = Object.entries(servers).map(([status, count]) => `${count} ${status}`);
  output.fields([
    ['Version', version === VERSION ? version : `${version} (this command: ${VERSION})`],
    ['Signed in', `as ${session.name} (${session.role})${session.kind === 'agent' ? ', an agent' : ''}`],
    ['Servers', counts.join(', ') || 'none'],
    ['Last hour', `${plural(calls.calls, 'call')}, ${plural(calls.errors, 'error')}, ${calls.refused} refused`],
  ]);
  for (const { scope, target, reason, by, at } of kills)
    output.text(
      `Stopped: ${target === null ? 'everything' : `${scope} ${target}`} (${reason}; by ${by}, ${showTime(at)})`,
    );
  if (attention.length === 0) return;
  output.heading('Needs attention');
  output.table(
    [{ title: 'WHAT' }, { title: 'KIND' }, { title: 'SINCE' }, { title: 'CAUSE' }],
    attention.map(({ target, kind, severity, since, cause, remedy }) => [
      `${target.type} ${target.name}`,
      { text: kind, colour: colourOf(severity) },
      showTime(since),
      // Null where the cause already contains it.
      remedy === null ? cause : `${cause}. ${remedy}`,
    ]),
    '',
  );
}

async function status(context: Context): Promise<ExitCode> {
  const { env, options, output } = context;
  const url = gatewayUrlOf(options, env);
  const state = await createApi(url, {}).request({ path: ['readyz'], response: ready, acceptStatuses: [503] });
  const isReady = state.status === 'ready';
  const details = await context
    .api()
    .then(readDetails)
    .catch((thrown: unknown) => (thrown instanceof CliError ? thrown : Promise.reject(thrown as Error)));
  const known = details instanceof CliError ? { unknown: details.message } : details;
  output.result(
    {
      url,
      ready: isReady,
      ...(isReady ? {} : { detail: state.detail }),
      generation: state.generation ?? null,
      published: state.published ?? null,
      ...known,
    },
    () => {
      const shown = isReady ? 'ready' : `not ready: ${state.detail ?? ''}`;
      output.fields([
        ['Gateway', url],
        ['State', { text: shown, colour: colourOf(isReady ? 'ready' : 'error') }],
      ]);
      if (state.published === false)
        output.text('The last publish failed, so an older generation is served; "mcpgw doctor" shows why.');
      if (details instanceof CliError) {
        output.note(`Details are not available: ${details.message}. ${details.hint ?? ''}`);
      } else showDetails(context, details);
    },
  );
  if (!isReady || state.published === false) return EXIT.found;
  return details instanceof CliError ? details.exitCode : EXIT.done;
}

/** `mcpgw status` */
export function addStatusCommand(program: Command): void {
  const command = program
    .command('status')
    .summary('is it up, and what needs attention?')
    .description(
      'Shows whether the gateway is ready, who is signed in, its servers, the calls of the last hour, and what needs attention.',
    )
    .action(action((context) => status(context)));
  addExamples(
    command,
    ['mcpgw status', 'one page about the gateway'],
    [
      'mcpgw status > /dev/null && echo up',
      'in a script: exit code 0 when it is healthy, 3 when nothing responds, 4 when nobody is signed in, 6 when something is wrong',
    ],
    ["mcpgw status --json | jq '.attention'", 'what needs attention, for a program'],
  );
}
