import { Option, type Command } from 'commander';
import { agentView, groupView, type AgentView } from '@mcpgw/registry/contract';
import type { Api } from '../../api/index.ts';
import { showTime, type Output } from '../../output/index.ts';
import { CliError } from '../../program/cli-error.ts';
import { collect } from '../../program/collect.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { EXIT } from '../../program/exit-codes.ts';
import { readMoment } from '../../program/read-moment.ts';
import { readAgentName } from './names.ts';

type GrantView = AgentView['grants'][number];
interface AddOptions extends Holder {
  tools?: string[];
  resources?: string[];
  prompts?: string[];
  deny?: boolean;
  hours?: string;
  zone: string;
  days: string[];
  expires?: string;
}
const GROUP_OPTION = ['-g, --group', 'the name is that of a group'] as const;
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function showHours({ hours }: GrantView): string {
  if (hours === undefined) return '-';
  return `${hours.days.length === 7 ? 'daily' : hours.days.join(',')} ${hours.from}-${hours.to} ${hours.zone}`;
}

/** A table of the grants of an agent, numbered. */
export function showGrants(output: Output, { grants }: Pick<AgentView, 'grants'>): void {
  output.table(
    [
      { title: '#', align: 'right' },
      { title: 'SERVER' },
      { title: 'EFFECT' },
      { title: 'TOOLS' },
      { title: 'RESOURCES' },
      { title: 'PROMPTS' },
      { title: 'HOURS' },
      { title: 'EXPIRES' },
    ],
    grants.map((grant, at) => [
      String(at + 1),
      grant.server,
      grant.effect === 'deny' ? { text: 'deny', colour: 'red' } : 'allow',
      grant.tools.join(' ') || '-',
      grant.resources.join(' ') || '-',
      grant.prompts.join(' ') || '-',
      showHours(grant),
      showTime(grant.expiresAt),
    ]),
    'Nothing is granted, so every call is refused.',
  );
}

/** Whose grants: an agent's, or with `--group` those of a group. */
interface Holder {
  group?: boolean;
}

async function readHolder(api: Api, { group }: Holder, name: string) {
  const path = ['api', group === true ? 'groups' : 'agents', readAgentName(name)];
  return { path, ...(await api.request({ path, response: group === true ? groupView : agentView })) };
}

/** Reads the grants, changes them and writes them back; the gateway refuses this if somebody else changed them meanwhile. */
async function changeGrants(
  { api: connect, output }: Context,
  holder: Holder,
  name: string,
  change: (grants: GrantView[]) => object[],
): Promise<void> {
  const api = await connect();
  const { path, grants, revision } = await readHolder(api, holder, name);
  const body = change(grants);
  const response = holder.group === true ? groupView : agentView;
  const after = await api.request({ method: 'PUT', path: [...path, 'grants'], body, ifMatch: revision, response });
  output.result(after.grants, () => {
    showGrants(output, after);
  });
}

function describeGrant(
  server: string,
  { tools, resources, prompts, deny, hours, zone, days, expires }: AddOptions,
): object {
  const [from, to] = hours?.split('-') ?? [];
  return {
    server,
    ...(tools !== undefined && { tools }),
    ...(resources !== undefined && { resources }),
    ...(prompts !== undefined && { prompts }),
    ...(deny === true && { effect: 'deny' }),
    ...(hours !== undefined && { hours: { days, from, to, zone } }),
    ...(expires !== undefined && { expiresAt: readMoment(expires, '--expires', 1) }),
  };
}

function without(grants: GrantView[], which: string, name: string): GrantView[] {
  const rest = grants.filter(({ server }, at) => server !== which && String(at + 1) !== which);
  if (rest.length < grants.length) return rest;
  throw new CliError(`${name} has no grant ${JSON.stringify(which)}`, {
    exitCode: EXIT.notFound,
    hint: '"mcpgw grants list" shows what it has.',
  });
}

/** `mcpgw grants …` */
export function addGrantCommands(program: Command): void {
  const grants = program
    .command('grants')
    .summary('what agents may use')
    .description('Grants: what an agent may use. Anything not granted is refused, and a deny takes precedence.');
  const list = grants
    .command('list')
    .alias('ls')
    .summary('what may an agent use?')
    .description('Lists the grants of an agent.')
    .argument('<agent>', 'name of the agent, or with --group of a group')
    .option(...GROUP_OPTION)
    .action(
      action(async ({ api, output }, holder: Holder, name: string) => {
        const found = await readHolder(await api(), holder, name);
        output.result(found.grants, () => {
          showGrants(output, found);
        });
      }),
    );
  addExamples(list, ['mcpgw grants list laptop', 'what may it use?']);
  const added = grants
    .command('add')
    .summary('let an agent use a server, or part of it')
    .description('Adds a grant: the whole server, or with --tools, --resources or --prompts only these.')
    .argument('<agent>', 'name of the agent, or with --group of a group')
    .argument('<server>', 'a path, "team/*", or "*" for every server')
    .option(
      '--tools <names>',
      'tools: names, "get_*", "!get_secret", "annotation:readOnly"; separated by commas',
      collect,
    )
    .option('--resources <uris>', 'resources, by URI or pattern', collect)
    .option('--prompts <names>', 'prompts, by name or pattern', collect)
    .option('--deny', 'deny these, even if other grants allow them')
    .option('--hours <from-to>', 'only during these hours: 08:00-18:00')
    .addOption(
      new Option('--days <days>', 'with --hours: on these days')
        .argParser((written: string) => written.split(','))
        .default(WEEK, 'every day'),
    )
    .option('--zone <zone>', 'with --hours: in this time zone', 'UTC')
    .option('--expires <when>', 'when it expires: 90d, 2027-01-31 …')
    .option(...GROUP_OPTION)
    .action(
      action((context, options: AddOptions, name: string, server: string) =>
        changeGrants(context, options, name, (grants) => [...grants, describeGrant(server, options)]),
      ),
    );
  addExamples(
    added,
    ['mcpgw grants add laptop weather', 'all of one server'],
    ["mcpgw grants add laptop 'team/*' --tools 'get_*,!get_secret'", 'some tools of several servers'],
    [
      'mcpgw grants add laptop files --hours 08:00-18:00 --days mon,tue,wed,thu,fri --zone Europe/Berlin',
      'during working hours',
    ],
  );
  const removed = grants
    .command('remove')
    .alias('rm')
    .summary('remove a grant')
    .description('Removes grants by the server as it was written, or one by its number in "mcpgw grants list".')
    .argument('<agent>', 'name of the agent, or with --group of a group')
    .argument('<server>', 'the server as it was written, or the number of the grant')
    .option(...GROUP_OPTION)
    .action(
      action((context, holder: Holder, name: string, which: string) =>
        changeGrants(context, holder, name, (grants) => without(grants, which, name)),
      ),
    );
  addExamples(removed, ['mcpgw grants remove laptop weather', 'it may no longer use that server']);
}
