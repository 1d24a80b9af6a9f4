import type { HealthStatus } from '@mcpgw/registry/contract';
import type { Outcome, Params, RequestMessage } from '../connection/message.ts';
import { createInnerClients, type InnerTarget } from '../inner/inner-clients.ts';
import type { InnerSessions } from '../inner/inner-sessions.ts';
import type { Peer, PeerContext } from '../local/peer.ts';
import { GATEWAY_TOOLS, INPUTS, type GatewayTool } from './gateway-tools.ts';
import { answerJson, answerMistake, explainError } from './results.ts';
import type { ToolSearch } from './search.ts';
import { suggest } from './suggest.ts';
import type { NamedTool, ToolNames } from './tool-names.ts';
import { viewFor, type ListedTool, type View, type ViewDeps, type VisibleServer } from './visible.ts';

export interface MetaDeps extends ViewDeps {
  /** The unix socket on which NGINX accepts calls of the bridge. */
  socket: string;
  search: ToolSearch;
  sessions: InnerSessions;
  names: ToolNames;
}

/** With `auto`, an agent that may call more tools gets the four of the gateway (docs/meta.md compares their costs). */
const DIRECT_UP_TO = 100;
/** Timeout of the request to a server whose tools are not known yet. */
const LIST_TIMEOUT_MS = 10_000;

/** Why a server is not healthy, for agents: the operator's message may contain upstream addresses. */
const PROBLEMS: Partial<Record<HealthStatus, string>> = {
  degraded: 'parts of it do not respond correctly; calls may fail',
  unhealthy: 'it did not respond correctly when it was last checked; calls will probably fail',
  auth_required: 'it refuses the credentials of the gateway, which the operator of the gateway must set',
};

const targetOf = ({ server }: VisibleServer): InnerTarget => ({
  path: server.path,
  era: server.era,
  isSseOnly: server.isSseOnly,
});

const show = ({ name, title, description, inputSchema, annotations }: ListedTool) => ({
  name,
  ...(title !== undefined && { title }),
  ...(description !== undefined && { description }),
  inputSchema,
  ...(annotations !== undefined && { annotations }),
});

function lacks(what: string, written: string, names: readonly string[], next: string): Outcome {
  const similar = suggest(written, names);
  const hint = similar.length === 0 ? next : `Did you mean ${similar.join(', ')}? Otherwise: ${next}`;
  return answerMistake(`there is no ${what} ${JSON.stringify(written)} that you may use. ${hint}`);
}

/** Whether `tools/list` names every tool itself. */
function isDirect(view: View, named: readonly NamedTool[]): boolean {
  const mode = view.key?.toolList;
  return mode === undefined ? named.length <= DIRECT_UP_TO : mode === 'direct';
}

/** Creates the meta endpoint for one client; `initialize` has the parameters that it sent. */
export function createMetaPeer(deps: MetaDeps, initialize: Params): Peer {
  let authorization: string | undefined;
  const clients = createInnerClients({
    socket: deps.socket,
    sessions: deps.sessions,
    capabilities: (initialize['capabilities'] ?? {}) as Params,
    authorization: () => authorization,
  });
  const hooksOf = (context: PeerContext) => ({
    ...context,
    progress: context.wantsProgress ? context.progress : undefined,
  });

  function call(server: VisibleServer, params: Params, context: PeerContext): Promise<Outcome> {
    return clients.request(targetOf(server), 'tools/call', params, hooksOf(context));
  }

  function listServers(view: View): Outcome {
    const servers = view.servers.map(({ server, tools }) => ({
      name: server.path,
      ...(server.description !== '' && { description: server.description }),
      status: server.health,
      ...(PROBLEMS[server.health] !== undefined && { problem: PROBLEMS[server.health] }),
      tools_count: tools?.length ?? null,
    }));
    return answerJson({ servers });
  }

  function findServer(view: View, path: string): VisibleServer | undefined {
    return view.servers.find(({ server }) => server.path === path);
  }
  const lacksServer = (view: View, path: string) =>
    lacks(
      'server',
      path,
      view.servers.map(({ server }) => server.path),
      'gateway_list_servers lists the servers.',
    );

  async function listTools(view: View, path: string, context: PeerContext): Promise<Outcome> {
    const server = findServer(view, path);
    if (server === undefined) return lacksServer(view, path);
    if (server.tools !== null) return answerJson({ server: path, tools: server.tools.map(show) });
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(LIST_TIMEOUT_MS)]);
    const outcome = await clients.request(targetOf(server), 'tools/list', {}, { ...hooksOf(context), signal });
    if ('error' in outcome) return explainError(outcome.error);
    return answerJson({ server: path, tools: ((outcome.result['tools'] ?? []) as ListedTool[]).map(show) });
  }

  async function search(view: View, query: string, limit: number): Promise<Outcome> {
    const found = await deps.search.find(view, query, limit);
    const matches = found.map(({ server, tool }) => {
      const { name, description, inputSchema } = show(tool);
      return { server, tool: name, ...(description !== undefined && { description }), inputSchema };
    });
    return answerJson({ query, matches, total: matches.length });
  }

  async function invoke(
    view: View,
    input: { server: string; tool: string; arguments: Params },
    more: Params,
    context: PeerContext,
  ) {
    const server = findServer(view, input.server);
    if (server === undefined) return lacksServer(view, input.server);
    const names = server.tools?.map(({ name }) => name);
    if (names !== undefined && !names.includes(input.tool) && !server.mayCall(input.tool))
      return lacks(`tool of ${input.server}`, input.tool, names, 'gateway_list_tools lists its tools.');
    const outcome = await call(server, { ...more, name: input.tool, arguments: input.arguments }, context);
    return 'error' in outcome ? explainError(outcome.error) : outcome;
  }

  async function callGateway(name: GatewayTool, params: Params, view: View, context: PeerContext): Promise<Outcome> {
    const parsed = INPUTS[name].safeParse(params['arguments'] ?? {});
    if (!parsed.success) {
      const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`);
      return answerMistake(`${name}: ${problems.join('; ')}`);
    }
    const { _meta } = params;
    if (name === 'gateway_list_servers') return listServers(view);
    if (name === 'gateway_list_tools') return listTools(view, INPUTS[name].parse(parsed.data).server, context);
    if (name === 'gateway_search_tools') {
      const { query, limit } = INPUTS[name].parse(parsed.data);
      return search(view, query, limit);
    }
    return invoke(view, INPUTS[name].parse(parsed.data), _meta === undefined ? {} : { _meta }, context);
  }

  function callNamed(params: Params, view: View, context: PeerContext): Promise<Outcome> | Outcome {
    const found = deps.names.list(view.servers).find(({ name }) => name === params['name']);
    if (found !== undefined) return call(found.server, { ...params, name: found.tool.name }, context);
    const message = `there is no tool ${JSON.stringify(params['name'])} that you may call; tools/list lists them`;
    return { error: { code: -32_602, message } };
  }

  return {
    async request({ method, params = {} }: RequestMessage, context) {
      ({ authorization } = context);
      if (method === 'ping') return { result: {} };
      const view = viewFor(deps, authorization);
      if (method === 'tools/list') {
        const named = deps.names.list(view.servers);
        if (!isDirect(view, named)) return { result: { tools: GATEWAY_TOOLS } };
        return { result: { tools: named.map(({ name, tool }) => ({ ...tool, name })) } };
      }
      if (method !== 'tools/call') return { error: { code: -32_601, message: `Method not found: ${method}` } };
      const name = params['name'];
      const isGateway = typeof name === 'string' && Object.hasOwn(INPUTS, name);
      return isGateway ? callGateway(name as GatewayTool, params, view, context) : callNamed(params, view, context);
    },
    notify: () => undefined,
    close: () => clients.close(),
  };
}
