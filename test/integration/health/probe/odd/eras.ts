import type { ServerResponse } from 'node:http';
import { json, mcp, type Message, type OddCase } from './odd-case.ts';

const discovered = (odd: (response: ServerResponse, message: Message) => unknown) =>
  mcp({}, (message, response) => {
    if (message.method !== 'server/discover') return false;
    odd(response, message);
    return true;
  });
const legacy = (name: string, odd: Parameters<typeof discovered>[0]): OddCase => ({
  name: `a legacy server answers server/discover by ${name}`,
  serve: discovered(odd),
  health: 'healthy',
  found: { mcp: '/mcp', sse: null },
});

/** A modern server that leaves the first `server/discover` unanswered. */
function discoveredAtSecond(): ReturnType<typeof mcp> {
  let discoveries = 0;
  const self = {
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {} },
    serverInfo: { name: 'm', version: '1' },
  };
  return mcp({}, ({ id, method }, response) => {
    if (method === 'server/discover' && (discoveries += 1) > 1)
      json(response, 200, { jsonrpc: '2.0', id, result: { resultType: 'complete', ...self } });
    if (method === 'initialize') {
      const data = { supported: ['2026-07-28'], requested: '2025-11-25' };
      json(response, 400, { jsonrpc: '2.0', id, error: { code: -32022, message: 'Unsupported', data } });
    }
    return method !== 'tools/list';
  });
}

/** Servers of the legacy era answer an unknown method in any way. */
export const ERAS: OddCase[] = [
  legacy('-32700 and id null', (response) => {
    json(response, 200, { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse Error' } });
  }),
  legacy('HTTP 500 and JSON-RPC', (response, { id }) => {
    json(response, 500, { jsonrpc: '2.0', id, error: { code: -32603, message: 'Unknown method' } });
  }),
  legacy('HTTP 500 without JSON-RPC', (response) => {
    json(response, 500, { error: 'Internal Server Error' });
  }),
  legacy('an empty 202', (response) => response.writeHead(202, { 'content-length': 0 }).end()),
  legacy('an empty event stream', (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end()),
  legacy('closing the connection', (response) => response.destroy()),
  legacy('silence', () => undefined),
  legacy('HTTP 401', (response) => {
    json(response, 401, { error: 'session required' });
  }),
  legacy('a result without versions', (response, { id }) => {
    json(response, 200, { jsonrpc: '2.0', id, result: {} });
  }),
  {
    name: 'a modern server that is slow at server/discover is recognised by its refusal of initialize',
    serve: discoveredAtSecond(),
    health: 'healthy',
    found: { mcp: '/mcp', sse: null },
  },
  {
    name: 'a server of a later protocol only',
    serve: mcp({}, ({ id }, response) => {
      const data = { supported: ['2031-01-01'], requested: '2026-07-28' };
      json(response, 400, {
        jsonrpc: '2.0',
        id,
        error: { code: -32022, message: 'Unsupported protocol version', data },
      });
      return true;
    }),
    health: 'unhealthy',
    problem:
      'It supports no protocol version that the gateway knows: Unsupported protocol version. Failed step: server/discover at {url}/mcp',
    remedy: /published MCP revision/,
  },
  {
    name: 'an initialize with a version that nobody published',
    serve: mcp({
      initialize: { result: { protocolVersion: '1.0', capabilities: {}, serverInfo: { name: 'o', version: '1' } } },
    }),
    health: 'unhealthy',
    problem: 'It supports no protocol version that the gateway knows: 1.0. Failed step: initialize at {url}/mcp',
    remedy: /published MCP revision/,
  },
];
