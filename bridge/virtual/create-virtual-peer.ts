import { isRecord, rewriteArguments } from '@mcpgw/registry/contract';
import type { Outcome, Params, RequestMessage } from '../connection/message.ts';
import { createInnerClients } from '../inner/inner-clients.ts';
import type { InnerSessions } from '../inner/inner-sessions.ts';
import type { Peer, PeerContext } from '../local/peer.ts';
import type { Access } from '../meta/access.ts';
import { answerMistake } from '../meta/results.ts';
import type { ResolvedTool } from './resolve-tools.ts';

export interface VirtualPeerDeps {
  /** The unix socket on which NGINX accepts calls of the bridge. */
  socket: string;
  sessions: InnerSessions;
  access: Access;
  /** The current tools. */
  tools: () => readonly ResolvedTool[];
}

/** Creates a virtual server for one client; `initialize` has the parameters that it sent. */
export function createVirtualPeer(deps: VirtualPeerDeps, initialize: Params): Peer {
  let authorization: string | undefined;
  const clients = createInnerClients({
    socket: deps.socket,
    sessions: deps.sessions,
    capabilities: (initialize['capabilities'] ?? {}) as Params,
    authorization: () => authorization,
  });

  /** The usable tools whose calls would not be refused at their server. */
  function list(): object[] {
    const key = deps.access.identify(authorization);
    if (key === undefined) return [];
    const known = new Map<string, ((tool: string) => boolean) | undefined>();
    return deps.tools().flatMap(({ tool, source, definition }) => {
      if (tool === undefined || source === undefined) return [];
      if (!known.has(source.id)) known.set(source.id, deps.access.toolsOf(key, source));
      return known.get(source.id)?.(definition.tool) === true ? [tool] : [];
    });
  }

  async function call(params: Params, context: PeerContext): Promise<Outcome> {
    const found = deps.tools().find(({ name }) => name === params['name']);
    if (found === undefined) {
      const message = `there is no tool ${JSON.stringify(params['name'])} here; tools/list lists them`;
      return { error: { code: -32_602, message } };
    }
    const { definition, source, problem } = found;
    if (source === undefined || problem !== null)
      return answerMistake(`"${found.name}" cannot be used at present: ${problem}`);
    const rewritten = rewriteArguments(isRecord(params['arguments']) ? params['arguments'] : {}, definition);
    if ('problem' in rewritten) return answerMistake(`${found.name}: ${rewritten.problem}`);
    const { path, era, isSseOnly } = source;
    return clients.request(
      { path, era, isSseOnly },
      'tools/call',
      { ...params, name: definition.tool, arguments: rewritten.arguments },
      { ...context, progress: context.wantsProgress ? context.progress : undefined },
    );
  }

  return {
    async request({ method, params = {} }: RequestMessage, context) {
      ({ authorization } = context);
      if (method === 'ping') return { result: {} };
      if (method === 'tools/list') return { result: { tools: list() } };
      if (method === 'tools/call') return call(params, context);
      return { error: { code: -32_601, message: `Method not found: ${method}` } };
    },
    notify: () => undefined,
    close: () => clients.close(),
  };
}
