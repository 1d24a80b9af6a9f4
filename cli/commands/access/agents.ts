import { Option, type Command } from 'commander';
import { z } from 'zod';
import { agentView, role, type AgentView } from '@mcpgw/registry/contract';
import { listAll } from '../../api/index.ts';
import { showTime, type Output } from '../../output/index.ts';
import { collect } from '../../program/collect.ts';
import { confirm } from '../../program/confirm.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { readMoment } from '../../program/read-moment.ts';
import { showGrants } from './grants.ts';
import { showKeys } from './keys.ts';
import { readAgentName } from './names.ts';

interface AddOptions {
  description?: string;
  role?: string;
  grant?: string[];
  group?: string[];
  owner?: string;
  expires?: string;
  disabled?: boolean;
}

const describe = ({ server, effect }: AgentView['grants'][number]): string =>
  effect === 'deny' ? `not ${server}` : server;

function showAgent(output: Output, agent: AgentView): void {
  output.fields([
    ['Agent', agent.name],
    ['Description', agent.description || '-'],
    ['Owner', agent.owner || '-'],
    ['Groups', agent.groups.join(', ') || '-'],
    ['Used', showTime(agent.lastUsedAt)],
    ['State', agent.enabled ? { text: 'enabled', colour: 'green' } : { text: 'disabled', colour: 'gray' }],
    ['Role', agent.role ?? 'none (it calls tools only)'],
    ['Expires', showTime(agent.expiresAt)],
  ]);
  output.heading('Grants');
  showGrants(output, agent);
  output.heading('Keys');
  showKeys(output, agent.keys);
}

async function add({ api, output }: Context, written: string, options: AddOptions): Promise<void> {
  const { description, role: given, grant = [], group, owner, expires, disabled } = options;
  const agent = await (
    await api()
  ).request({
    method: 'POST',
    path: ['api', 'agents'],
    body: {
      name: readAgentName(written),
      grants: grant.map((server) => ({ server })),
      ...(description !== undefined && { description }),
      ...(owner !== undefined && { owner }),
      ...(group !== undefined && { groups: group }),
      ...(given !== undefined && { role: given }),
      ...(expires !== undefined && { expiresAt: readMoment(expires, '--expires', 1) }),
      ...(disabled === true && { enabled: false }),
    },
    response: agentView,
  });
  output.result(agent, () => {
    output.text(`Created the agent ${agent.name}.`);
    output.note(`It needs a key: mcpgw keys create ${agent.name}`);
  });
}

async function remove({ api, output }: Context, written: string, yes: boolean | undefined): Promise<void> {
  const name = readAgentName(written);
  await confirm(`Remove the agent ${name} with all its keys? This cannot be undone.`, yes, 'nothing was removed');
  await (await api()).request({ method: 'DELETE', path: ['api', 'agents', name], response: z.unknown() });
  output.result({ removed: name }, () => {
    output.text(`The agent ${name} is removed; its keys are refused from now on.`);
  });
}

function addSwitches(agents: Command): void {
  for (const [name, enabled, summary] of [
    ['enable', true, 'allow an agent again'],
    ['disable', false, 'refuse all keys of an agent'],
  ] as const) {
    const command = agents
      .command(name)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}, from its next request on.`)
      .argument('<agent>', 'name of the agent')
      .action(
        action(async ({ api, output }, _options, written: string) => {
          const path = ['api', 'agents', readAgentName(written)];
          const agent = await (await api()).request({ method: 'PATCH', path, body: { enabled }, response: agentView });
          output.result(agent, () => {
            output.text(`The agent ${agent.name} is ${name}d.`);
          });
        }),
      );
    addExamples(command, [`mcpgw agents ${name} laptop`, summary]);
  }
}

/** `mcpgw agents …` */
export function addAgentCommands(program: Command): void {
  const agents = program
    .command('agents')
    .summary('agents: who may call')
    .description('Agents: machine identities, each with keys and grants.');
  const list = agents
    .command('list')
    .alias('ls')
    .summary('list agents')
    .description('Lists the agents, sorted by name.')
    .action(
      action(async ({ api, output }) => {
        const found = await listAll(await api(), ['api', 'agents'], agentView);
        output.result(found, () => {
          output.table(
            [
              { title: 'AGENT' },
              { title: 'STATE' },
              { title: 'ROLE' },
              { title: 'KEYS', align: 'right' },
              { title: 'EXPIRES' },
              { title: 'MAY USE' },
            ],
            found.map(({ name, enabled, role: has, keys, expiresAt, grants, groups }) => [
              name,
              enabled ? { text: 'enabled', colour: 'green' } : { text: 'disabled', colour: 'gray' },
              has ?? '-',
              String(keys.length),
              showTime(expiresAt),
              [...groups.map((group) => `group ${group}`), ...grants.map(describe)].join(', ') || 'nothing',
            ]),
            'There are no agents. "mcpgw agents add <name> --grant <path>" creates one.',
          );
        });
      }),
    );
  addExamples(list, ['mcpgw agents list', 'who may call, and what?']);
  const show = agents
    .command('show')
    .summary('an agent with its grants and keys')
    .description('Shows an agent with its grants and keys; never the keys themselves.')
    .argument('<agent>', 'name of the agent')
    .action(
      action(async ({ api, output }, _options, written: string) => {
        const path = ['api', 'agents', readAgentName(written)];
        const agent = await (await api()).request({ path, response: agentView });
        output.result(agent, () => {
          showAgent(output, agent);
        });
      }),
    );
  addExamples(show, ['mcpgw agents show laptop', 'what may it do, until when?']);
  const created = agents
    .command('add')
    .summary('create an agent')
    .description('Creates an agent. It may use only what is granted.')
    .argument('<agent>', 'its name: 1 to 64 of a-z 0-9 . _ -')
    .option('--grant <server>', 'a server to grant: a path, "team/*" or "*"; several separated by commas', collect)
    .option('--group <group>', 'a group to add it to; several separated by commas', collect)
    .option('--description <text>', 'what it is for')
    .option('--owner <name>', 'who is responsible for it')
    .addOption(new Option('--role <role>', 'rights on the REST API').choices(role.options))
    .option('--expires <when>', 'when it expires: 90d, 2027-01-31 …')
    .option('--disabled', 'create it disabled')
    .action(action((context, options: AddOptions, written: string) => add(context, written, options)));
  addExamples(
    created,
    ['mcpgw agents add laptop --grant weather', 'one that may use one server'],
    ["mcpgw agents add ci --grant 'team/*' --expires 90d", 'one that expires'],
  );
  const removed = agents
    .command('remove')
    .alias('rm')
    .summary('remove an agent with all its keys')
    .description('Removes an agent with all its keys. This cannot be undone, so you are asked to confirm it.')
    .argument('<agent>', 'name of the agent')
    .option('-y, --yes', 'do not ask')
    .action(action((context, { yes }: { yes?: boolean }, written: string) => remove(context, written, yes)));
  addExamples(removed, ['mcpgw agents remove laptop', 'this cannot be undone']);
  addSwitches(agents);
}
