import type { Command } from 'commander';
import { isAdapted, serverView, toolsView, type ServerView } from '@mcpgw/registry/contract';
import { colourOf, plural, showMs, showTime, type Output } from '../../output/index.ts';
import { action } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { showConfinement } from './confinement.ts';
import { readPath } from './server-path.ts';
import { showTarget } from './show-servers.ts';

function showServer(output: Output, server: ServerView): void {
  const {
    path,
    name,
    description,
    status,
    error,
    health,
    configuration,
    era,
    protocolVersion,
    toolCount,
    tags,
    headers,
    latencyMs,
  } = server;
  output.fields([
    ['Path', path],
    ['Name', name],
    ['Status', { text: status, colour: colourOf(status) }],
    ['Configuration', configuration],
    ['Health', `${health}${server.healthSince === null ? '' : `, since ${showTime(server.healthSince)}`}`],
    ['Checked', `${showTime(server.lastCheckedAt)}, ${showMs(latencyMs)}`],
    ['At', server.gatewayUrl],
    [server.program === null ? 'Server' : 'Program', showTarget(server)],
    ...(server.program === null
      ? []
      : [['Confinement', showConfinement(server.program.confinement)] as [string, string]]),
    ...(server.virtual === undefined ? [] : [['Version', String(server.virtual.version)] as [string, string]]),
    ['Protocol', era === null ? 'not known yet' : `${era} (${protocolVersion ?? '?'})`],
    ...(isAdapted(server) ? [['Adapted', 'by the bridge, to every protocol version'] as [string, string]] : []),
    ['Tools', String(toolCount)],
    ['Tags', tags.join(', ') || '-'],
    ['Headers', headers.join(', ') || '-'],
    ['Registered', showTime(server.createdAt)],
  ]);
  if (description !== '') output.text(`\n${description}`);
  if (error !== null) output.text(`\n${error}`);
  for (const warning of server.warnings) output.text(`Warning: ${warning}`);
  for (const { kind, count } of server.toolIssues) output.text(`${plural(count, 'tool')} ${kind}`);
  if (server.instances.length < 2) return;
  output.heading('Instances');
  output.table(
    [{ title: 'UP' }, { title: 'WEIGHT', align: 'right' }, { title: 'URL' }],
    server.instances.map(({ url, up, weight, enabled }) => [
      { text: enabled ? (up ? 'up' : 'down') : 'off', colour: !enabled ? 'gray' : up ? 'green' : 'red' },
      String(weight),
      url,
    ]),
    '',
  );
}

/** `mcpgw servers show`, `mcpgw servers tools` */
export function addServersShow(servers: Command): void {
  const show = servers
    .command('show')
    .summary('show a server')
    .description(
      'Shows a server: its registration, what NGINX serves, the results of its checks, and why it is not healthy.',
    )
    .argument('<path>', 'path of the server')
    .action(
      action(async ({ api, output }, _options, path: string) => {
        const server = await (await api()).request({ path: ['api', 'servers', readPath(path)], response: serverView });
        output.result(server, () => {
          showServer(output, server);
        });
      }),
    );
  addExamples(show, ['mcpgw servers show weather', 'why is it not healthy?']);
  const tools = servers
    .command('tools')
    .summary('the tools of a server')
    .description(
      'Lists the tools of a server from its last listing, with the number of flagged texts and the state of approval.',
    )
    .argument('<path>', 'path of the server')
    .action(
      action(async ({ api, output }, _options, path: string) => {
        const view = await (
          await api()
        ).request({ path: ['api', 'servers', readPath(path), 'tools'], response: toolsView });
        output.result(view, () => {
          output.table(
            [{ title: 'TOOL' }, { title: 'STATE' }, { title: 'FLAGGED', align: 'right' }, { title: 'DESCRIPTION' }],
            view.tools.map(({ name, approval, callable, findings, docs }) => [
              name,
              callable ? approval : { text: 'blocked', colour: 'red' },
              findings.length === 0 ? '-' : { text: String(findings.length), colour: 'red' },
              docs.summary.split('\n')[0] ?? '',
            ]),
            'It lists no tools.',
          );
        });
      }),
    );
  addExamples(tools, ['mcpgw servers tools weather', 'what does it offer?']);
}
