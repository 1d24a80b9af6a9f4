import type { ServerResponse } from 'node:http';
import { startTcp } from '../../backends.ts';
import { always, json, mcp, tool, type Message, type OddCase } from './odd-case.ts';

const STEP = 'Failed step: initialize at {url}/mcp';
const FULL = /^Check at which path the server has its MCP endpoint, and register that full address/;
const initialized = (odd: (message: Message, response: ServerResponse) => void) =>
  mcp({}, (message, response) => {
    if (message.method !== 'initialize') return false;
    odd(message, response);
    return true;
  });

/** Responses of a server that are not correct MCP, and the result of the probe. */
export const ANSWERS: OddCase[] = [
  {
    name: 'HTTP 401',
    serve: always(401, 'application/json', '{"error":"no token"}', { 'www-authenticate': 'Bearer' }),
    health: 'auth_required',
    problem: `It requires a credential (HTTP 401: no token). ${STEP}`,
    remedy: /needs its own credential: set headers\.Authorization/,
  },
  {
    name: 'HTTP 401 to an empty header',
    target: { headers: { Authorization: 'Bearer ' } },
    serve: always(401, 'text/plain', 'no'),
    health: 'auth_required',
    problem: `It requires a credential (HTTP 401: no). ${STEP}`,
    remedy: /needs its own credential: set headers\.Authorization/,
  },
  {
    name: 'HTTP 401 to a credential',
    target: { headers: { Authorization: 'Bearer abcdef' } },
    serve: always(401, 'text/plain', 'abcdef is no token'),
    health: 'auth_required',
    problem: `It requires a credential (HTTP 401: (secret) is no token). ${STEP}`,
    remedy: /was not accepted: replace it/,
  },
  {
    name: 'HTTP 403 without a credential',
    serve: always(403, 'text/plain', 'forbidden'),
    health: 'auth_required',
    problem: `It rejects the gateway (HTTP 403: forbidden). ${STEP}`,
    remedy: /needs its own credential/,
  },
  {
    name: 'HTTP 403 by Host',
    serve: always(403, 'text/plain', 'Access is only allowed at localhost:3914'),
    health: 'unhealthy',
    problem: `It rejects the Host header {host} (HTTP 403: Access is only allowed at localhost:3914). ${STEP}`,
    remedy: /hostMode .*allowed hosts/,
  },
  {
    name: 'HTTP 421 by Host',
    serve: always(421, 'text/plain', 'Invalid Host header'),
    health: 'unhealthy',
    problem: `It rejects the Host header {host} (HTTP 421: Invalid Host header). ${STEP}`,
    remedy: /allowed hosts/,
  },
  {
    name: 'HTTP 404 everywhere',
    at: '',
    serve: always(404, 'text/plain', 'nothing here'),
    health: 'unhealthy',
    problem:
      'There is no MCP endpoint (HTTP 404). Failed step: initialize at {url}/mcp, registered as {url}; tried: /mcp, /, /sse, /api/mcp',
    remedy: FULL,
  },
  {
    name: 'HTTP 405 everywhere',
    serve: always(405, 'text/plain', ''),
    health: 'unhealthy',
    problem: `It does not accept POST (HTTP 405). ${STEP}`,
    remedy: FULL,
  },
  {
    name: 'HTTP 406',
    serve: always(406, 'text/plain', ''),
    health: 'unhealthy',
    problem: `It rejects MCP messages (HTTP 406). ${STEP}`,
    remedy: /Streamable HTTP endpoint accepts application\/json/,
  },
  {
    name: 'HTTP 400',
    serve: always(400, 'application/json', '{"detail":"bad tenant"}'),
    health: 'unhealthy',
    problem: `It rejects MCP messages (HTTP 400: bad tenant). ${STEP}`,
    remedy: /is an MCP endpoint/,
  },
  {
    name: 'HTTP 429',
    serve: always(429, 'text/plain', 'slow down'),
    health: 'degraded',
    problem: `It limits requests and rejected the check (HTTP 429: slow down). ${STEP}`,
    remedy: /HEALTH_CRON/,
  },
  {
    name: 'HTTP 500',
    serve: always(500, 'application/json', '{"message":"database is gone"}'),
    health: 'unhealthy',
    problem: `It fails with HTTP 500: database is gone. ${STEP}`,
    remedy: /log of the server/,
  },
  {
    name: 'a web page',
    serve: always(200, 'text/html', '<!doctype html><title>Welcome</title>'),
    health: 'unhealthy',
    problem: `It responds with a web page, not MCP. ${STEP}`,
    remedy: FULL,
  },
  {
    name: 'JSON that is not MCP',
    serve: always(200, 'application/json', '{"status":"ok"}'),
    health: 'unhealthy',
    problem: `It responds with JSON that is not MCP. ${STEP}`,
    remedy: FULL,
  },
  {
    name: 'text',
    serve: always(200, 'text/plain', 'hello'),
    health: 'unhealthy',
    problem: `It does not respond with MCP (text/plain). ${STEP}`,
    remedy: FULL,
  },
  {
    name: 'HTTP 202 without an answer',
    serve: always(202, 'text/plain', ''),
    health: 'unhealthy',
    problem: `It accepted the request and sent no answer (HTTP 202). ${STEP}`,
    remedy: /The answer must be JSON/,
  },
  {
    name: 'an answer with another id',
    serve: initialized((_message, response) => {
      json(response, 200, { jsonrpc: '2.0', id: '1', result: {} });
    }),
    health: 'unhealthy',
    problem: `Its answer has the id "1", which is not that of the request. ${STEP}`,
    remedy: /a number as a number/,
  },
  {
    name: 'an event stream that ends without an answer',
    serve: initialized(
      (_message, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
    ),
    health: 'unhealthy',
    problem: `It ended its event stream without an answer. ${STEP}`,
    remedy: /log of the server/,
  },
  {
    name: 'events without an answer',
    serve: initialized(
      (_message, response) =>
        void response.writeHead(200, { 'content-type': 'text/event-stream' }).end('event: ping\ndata: {}\n\n'),
    ),
    health: 'unhealthy',
    problem: `It sent events (ping) and no answer. ${STEP}`,
    remedy: /log of the server/,
  },
  {
    name: 'an error of initialize',
    serve: mcp({ initialize: { error: { code: -32603, message: 'no licence' } } }),
    health: 'unhealthy',
    problem: `It answers with an error: no licence (-32603). ${STEP}`,
    remedy: /log of the server/,
  },
  {
    name: 'a result without any field',
    serve: mcp({ initialize: { result: { ok: true } } }),
    health: 'unhealthy',
    problem: `Its result of initialize lacks protocolVersion, capabilities and serverInfo. ${STEP}`,
    remedy: /send protocolVersion/,
  },
  {
    name: 'one session for the whole process, taken',
    serve: initialized(({ id }, response) => {
      json(response, 400, {
        jsonrpc: '2.0',
        id,
        error: { code: -32600, message: 'Invalid Request: Server already initialized' },
      });
    }),
    health: 'degraded',
    problem: `It has one session for its whole process, and that one was opened before, by a client or an earlier check: Invalid Request: Server already initialized. ${STEP}`,
    remedy: /Restart the server to free it/,
  },
  {
    name: 'MCP with a wrong content type',
    serve: initialized(({ id }, response) => {
      json(
        response,
        200,
        {
          jsonrpc: '2.0',
          id,
          result: {
            protocolVersion: '2025-06-18',
            capabilities: { tools: {} },
            serverInfo: { name: 'o', version: '1' },
          },
        },
        'text/plain',
      );
    }),
    health: 'degraded',
    problem: 'It answers the handshake with content type text/plain',
    remedy: /application\/json or text\/event-stream/,
  },
  {
    name: 'silence',
    serve: mcp({}, () => true),
    health: 'unhealthy',
    problem: `It did not respond within a time. ${STEP}`,
    remedy: /hangs or is overloaded/,
  },
  {
    name: 'slow and correct',
    serve: mcp({}, (message, response) => {
      if (message.id === undefined) return false;
      const result =
        message.method === 'initialize'
          ? { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } }
          : { tools: [tool('echo')] };
      setTimeout(() => {
        json(response, 200, { jsonrpc: '2.0', id: message.id, result });
      }, 1_000);
      return true;
    }),
    health: 'healthy',
  },
  {
    name: 'a reset',
    start: () => startTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
    health: 'unhealthy',
    problem: `It closed the connection without a response. ${STEP}`,
    remedy: /crashed at this request/,
  },
  {
    name: 'another protocol',
    start: () => startTcp((socket) => socket.once('data', () => socket.write('220 mail.example ESMTP\r\n'))),
    health: 'unhealthy',
    problem: 'It does not support HTTP. Failed step: server/discover at {url}/mcp',
    remedy: /another program listens/,
  },
];
