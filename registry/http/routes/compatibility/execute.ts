import { z } from 'zod';
import { RegistryError } from '../../../lib/errors.ts';
import type { AppDeps } from '../../app-deps.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { COMPATIBILITY } from './registry-servers.ts';

const fields = z.record(z.string(), z.json());
const named = z.looseObject({
  server: z.string().min(1).max(200).optional().describe('path of the server; else ?server='),
  tool: z.string().min(1).max(500).describe('name of a tool, or list_tools'),
  arguments: fields.optional(),
  params: fields.optional().describe('the same as arguments'),
});
const rpc = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.enum(['tools/list', 'tools/call', 'ping']),
  params: fields.optional(),
});
const executed = z.union([
  z.object({ server: z.string(), tool: z.string(), result: z.json() }),
  z.object({ jsonrpc: z.literal('2.0'), id: z.union([z.string(), z.number(), z.null()]), result: z.json() }),
]);
const session = z.object({ session_id: z.string(), sessionId: z.string(), mcpVersion: z.string() });

function requireServerName(name: string | undefined): string {
  if (name !== undefined) return name;
  const message = 'this is missing; name the server in the body, or as ?server=';
  throw new RegistryError('invalid', `server: ${message}`, { errors: [{ field: 'server', message }] });
}

/** Calls for scripts without MCP support. */
export function executeEndpoints({ execute }: Pick<AppDeps, 'execute'>): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/sessions',
      tag: COMPATIBILITY,
      summary: 'Open a session for calls',
      description:
        'Send it as X-Session-ID with POST /execute. It ends after half an hour without a call. An agent may have 100; another one is answered with 429.',
      access: 'agent',
      answers: { 201: { description: 'The session.', schema: session } },
      handle: ({ holder }) => {
        const id = execute.open(holder?.agent ?? '');
        return Promise.resolve({ status: 201, body: { session_id: id, sessionId: id, mcpVersion: '1.0.0' } });
      },
    }),
    endpoint({
      method: 'post',
      path: '/execute',
      tag: COMPATIBILITY,
      summary: 'Call a tool, or list the tools of a server',
      description:
        'Either {"server", "tool", "arguments"}, where the tool `list_tools` lists them, or a JSON-RPC request with ?server=. The call goes through NGINX with the key of this request, so grants and limits apply, and it is recorded.',
      access: 'agent',
      query: z.object({ server: z.string().min(1).max(200).optional() }),
      body: z.union([rpc, named]),
      example: { server: 'weather', tool: 'list_tools' },
      answers: { 200: { description: 'The response of the server.', schema: executed } },
      handle: async ({ holder, body, query, request }) => {
        const [agent, key] = [holder?.agent ?? '', holder?.key ?? ''];
        const sessionId = request.get('X-Session-ID');
        if ('method' in body && 'jsonrpc' in body) {
          const { id = null, method, params = {} } = body as z.output<typeof rpc>;
          const server = requireServerName(query.server);
          const result = await execute.call(agent, key, sessionId, { server, method, params });
          return { status: 200, body: { jsonrpc: '2.0', id, result } };
        }
        const { tool, server: name, arguments: args, params } = body;
        const server = requireServerName(name ?? query.server);
        const call =
          tool === 'list_tools'
            ? { server, method: 'tools/list' as const, params: {} }
            : { server, method: 'tools/call' as const, params: { name: tool, arguments: args ?? params ?? {} } };
        return { status: 200, body: { server, tool, result: await execute.call(agent, key, sessionId, call) } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/sse',
      tag: COMPATIBILITY,
      summary: 'The endpoint of few tools over SSE',
      description: 'Redirects to /mcp/sse, where the gateway serves all granted servers as one MCP server.',
      access: 'agent',
      answers: { 307: { description: 'Its location.' } },
      handle: () => Promise.resolve({ status: 307, headers: { Location: '/mcp/sse' } }),
    }),
  ];
}
