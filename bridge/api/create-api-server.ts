import { isDeepStrictEqual } from 'node:util';
import { isRecord, LEGACY_VERSION, processOptions, type ApiFile, type ApiOperation } from '@mcpgw/registry/contract';
import { fetch, type Agent } from 'undici';
import type { Outcome, Params, RequestMessage } from '../connection/message.ts';
import { createLocalServer } from '../local/create-local-server.ts';
import type { Peer, PeerContext } from '../local/peer.ts';
import type { Condition, RegisteredServer } from '../servers/create-server.ts';
import { hashTools } from '../servers/hash-tools.ts';
import type { Upstream } from '../upstream/create-upstream.ts';
import { callApi } from './call-api.ts';

const PAGE = 200;
const REACH_MS = 4_000;

/** Derived from a file, once for each version of it. */
interface Served {
  file: ApiFile;
  agent: Agent;
  byName: ReadonlyMap<string, ApiOperation>;
  tools: ApiOperation['tool'][];
  toolsHash: string;
  initialized: Params;
}

function prepare(file: ApiFile, upstream: Upstream): Served {
  const tools = file.api.operations.map(({ tool }) => tool);
  const { title, version, description } = file.api;
  return {
    ...{ file, tools },
    agent: upstream.createAgent(file),
    byName: new Map(file.api.operations.map((operation) => [operation.tool.name, operation])),
    toolsHash: hashTools(tools),
    initialized: {
      protocolVersion: LEGACY_VERSION,
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: title, version: version === '' ? '0' : version },
      ...(description !== '' && { instructions: description }),
    },
  };
}

/** A page of the tool list: some clients read only the first page, so pages are large. */
function listTools({ tools }: Served, cursor: unknown): Outcome {
  const from = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isInteger(from) || from < 0 || from > tools.length)
    return { error: { code: -32_602, message: 'this cursor was not issued by this server' } };
  const next = from + PAGE;
  return {
    result: { tools: tools.slice(from, next), ...(next < tools.length && { nextCursor: String(next) }) },
  };
}

/** A REST API as a server: its operations are the tools. */
export function createApiServer(first: ApiFile, upstream: Upstream): RegisteredServer<ApiFile> {
  let served = prepare(first, upstream);
  // There is no state per client, so all clients share one peer.
  const limits = processOptions.parse({ sharing: 'shared' });

  async function answer({ method, params = {} }: RequestMessage, context: PeerContext): Promise<Outcome> {
    if (method === 'ping') return { result: {} };
    if (method === 'tools/list') return listTools(served, params['cursor']);
    if (method !== 'tools/call') return { error: { code: -32_601, message: `Method not found: ${method}` } };
    const { agent, file, byName } = served;
    const operation = byName.get(String(params['name']));
    if (operation === undefined)
      return {
        error: { code: -32_602, message: `there is no tool ${JSON.stringify(params['name'])}; tools/list lists them` },
      };
    const given = isRecord(params['arguments']) ? params['arguments'] : {};
    return { result: await callApi(agent, file, operation, { given, signal: context.signal }) };
  }
  const peer: Peer = { request: answer, notify: () => undefined, close: () => Promise.resolve() };

  const server = createLocalServer({
    path: () => served.file.path,
    limits: () => limits,
    initialized: () => served.initialized,
    createPeer: () => peer,
  });

  async function condition(): Promise<Condition> {
    const { file, agent } = served;
    const { origin, pathname } = new URL(file.url);
    const began = performance.now();
    try {
      // Any response proves that it is reachable.
      const signal = AbortSignal.timeout(REACH_MS);
      await fetch(origin + pathname, { method: 'HEAD', dispatcher: agent, redirect: 'manual', signal });
      const latencyMs = Math.round((performance.now() - began) * 10) / 10;
      return { state: 'running', problem: null, remedy: null, latencyMs };
    } catch (error) {
      const { cause } = error as { cause?: { message?: string } };
      return {
        state: 'failed',
        problem: `the API at ${origin} cannot be reached: ${cause?.message ?? (error as Error).message}`,
        remedy: 'Correct "url" of the server, or start the API.',
      };
    }
  }

  return {
    ...server,
    condition,
    known: () => ({ initialized: served.initialized, tools: served.tools, toolsHash: served.toolsHash }),
    change(next) {
      if (next === served.file || isDeepStrictEqual(next, served.file)) return;
      const before = served;
      served = prepare(next, upstream);
      // Waits for calls in progress.
      void before.agent.close();
      if (before.toolsHash !== served.toolsHash) server.toolsChanged();
    },
    async close() {
      await server.close();
      void served.agent.destroy();
    },
  };
}
