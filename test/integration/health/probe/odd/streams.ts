import type { RequestListener } from 'node:http';
import { always, mcp, only, sse, type OddCase } from './odd-case.ts';

const inPath = (url: string) => /^\/mcp_server\/messages\/(\w+)$/.exec(url)?.[1] ?? null;
const inQuery = (url: string) => new URL(url, 'http://x').searchParams.get('sessionId');
const found = { mcp: null, sse: '/sse' };
const events =
  (text: string, end = true): RequestListener =>
  (request, response) => {
    if (request.method !== 'GET') {
      always(404, 'text/plain', '')(request, response);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text);
    if (end) response.end();
  };
const STEP = 'Failed step: the event stream at {url}/sse';

/** The legacy SSE transport. */
export const STREAMS: OddCase[] = [
  {
    name: 'the session in the path',
    at: '/sse',
    serve: sse((session) => `/mcp_server/messages/${session}`, inPath),
    health: 'healthy',
    found,
  },
  {
    name: 'an endpoint event of a query only',
    at: '/sse',
    serve: sse((session) => `?sessionId=${session}`, inQuery),
    health: 'healthy',
    found,
  },
  {
    name: 'an endpoint event of 0.0.0.0',
    at: '/sse',
    serve: sse((session) => `http://0.0.0.0:8000/m?sessionId=${session}`, inQuery),
    health: 'healthy',
    found,
  },
  {
    name: 'an endpoint event of an inner host',
    at: '',
    serve: only(
      ['/sse', '/m'],
      sse((session) => `//inner.test/m?sessionId=${session}`, inQuery),
    ),
    health: 'healthy',
    found,
  },
  {
    name: 'an endpoint event of another origin whose path does not exist here',
    at: '/sse',
    serve: sse(
      () => 'http://inner.test:8000/elsewhere/m',
      () => null,
    ),
    health: 'unhealthy',
    problem:
      'Its endpoint event names http://inner.test:8000/elsewhere/m, and there is nothing at that path of the registered origin (HTTP 404). Failed step: initialize at {url}/elsewhere/m, registered as {url}/sse',
    remedy: /write the path at which it accepts messages/,
  },
  {
    name: 'an endpoint event that is no address',
    at: '/sse',
    serve: events('event: endpoint\ndata: /a b\n\n', false),
    health: 'unhealthy',
    problem: `Its endpoint event names "/a b", which is not a valid address. ${STEP}`,
    remedy: /without spaces/,
  },
  {
    name: 'a stream without an endpoint event',
    at: '/sse',
    serve: events('event: message\ndata: {}\n\n'),
    health: 'unhealthy',
    problem: `Its event stream begins with message and has no endpoint event. ${STEP}`,
    remedy: /legacy SSE transport/,
  },
  {
    name: 'a stream that ends at once',
    at: '/sse',
    serve: events(''),
    health: 'unhealthy',
    problem: `Its event stream ended without an endpoint event. ${STEP}`,
    remedy: /legacy SSE transport/,
  },
  {
    name: 'a stream that sends nothing',
    at: '/sse',
    serve: events(': hello\n\n', false),
    health: 'unhealthy',
    problem: `It did not respond within a time. ${STEP}`,
    remedy: /HEALTH_TIMEOUT_MS/,
  },
  {
    name: 'a hanging /sse does not hide /mcp',
    at: '/sse',
    serve: mcp({}, (_message, _response, { method, url }) => method === 'GET' && url === '/sse'),
    health: 'healthy',
    found: { mcp: '/mcp', sse: null },
  },
];
