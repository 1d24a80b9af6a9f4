import { serverView, snippetTransport, type ServerView, type SnippetTarget } from '@mcpgw/registry/contract';
import { gatewayUrlOf, listAll } from '../../api/index.ts';
import { CliError, usageError } from '../../program/cli-error.ts';
import { EXIT } from '../../program/exit-codes.ts';
import type { Context } from '../../program/context.ts';

function toTarget({ path, gatewayUrl, era, endpoints }: ServerView): SnippetTarget {
  return { path, url: gatewayUrl, era, transport: snippetTransport(endpoints) };
}

/** The servers to connect a client to: the named ones, or all that are enabled. Without a login the names are not checked. Throws CliError. */
export async function readTargets(context: Context, paths: readonly string[]): Promise<SnippetTarget[]> {
  const named = paths.map((path) => path.trim().replace(/^\/+|\/+$/g, ''));
  try {
    const servers = await listAll(await context.api(), ['api', 'servers'], serverView);
    const unknown = named.find((path) => !servers.some((server) => server.path === path));
    if (unknown !== undefined)
      throw new CliError(`no server is registered at ${JSON.stringify(unknown)}`, {
        exitCode: EXIT.notFound,
        hint: '"mcpgw servers list" shows the registered servers.',
      });
    const selected = servers.filter(({ path, enabled }) =>
      named.length > 0 ? named.includes(path) : enabled && path !== 'mcpgw',
    );
    if (selected.length === 0)
      throw new CliError('no server is registered', { hint: '"mcpgw servers add" registers one.' });
    return selected.map(toTarget);
  } catch (thrown) {
    if (!(thrown instanceof CliError) || thrown.exitCode !== EXIT.denied) throw thrown;
    if (named.length === 0)
      throw usageError(
        'name the servers by their paths, or sign in, so that they can be listed',
        'mcpgw connect <client> <path…>',
      );
    const url = gatewayUrlOf(context.options, context.env);
    return named.map((path) => ({ path, url: `${url}/${path}/mcp` }));
  }
}
