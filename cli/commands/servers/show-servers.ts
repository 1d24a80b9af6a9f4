import type { ServerView } from '@mcpgw/registry/contract';
import { colourOf, showMs, showTime, type Output } from '../../output/index.ts';

/** Where a server is: its command, its URLs, or the servers whose tools a virtual server offers. */
export function showTarget({
  program,
  virtual,
  instances,
}: Pick<ServerView, 'program' | 'virtual' | 'instances'>): string {
  if (virtual !== undefined) return `tools of ${[...new Set(virtual.tools.map(({ server }) => server))].join(', ')}`;
  if (program !== null) return [program.command, ...program.args].join(' ');
  return instances.map(({ url }) => url).join(', ');
}

/** A table of servers. */
export function showServers(output: Output, servers: readonly ServerView[], whenEmpty: string): void {
  output.table(
    [
      { title: 'PATH' },
      { title: 'STATUS' },
      { title: 'TOOLS', align: 'right' },
      { title: 'LATENCY', align: 'right' },
      { title: 'CHECKED' },
      { title: 'SERVER' },
    ],
    servers.map((server) => [
      server.path,
      { text: server.status, colour: colourOf(server.status) },
      String(server.toolCount),
      showMs(server.latencyMs),
      showTime(server.lastCheckedAt),
      showTarget(server),
    ]),
    whenEmpty,
  );
}
