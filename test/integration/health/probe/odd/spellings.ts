import { always, mcp, only, sse, type OddCase } from './odd-case.ts';

const redirect =
  (paths: Record<string, string>, serve: ReturnType<typeof mcp>, status = 307): ReturnType<typeof mcp> =>
  (request, response) => {
    const location = paths[request.url ?? ''];
    if (location === undefined) serve(request, response);
    else
      always(status, 'text/plain', '', { location: location.replace('{port}', String(request.socket.localPort)) })(
        request,
        response,
      );
  };
const query = (url: string) => new URL(url, 'http://x').searchParams.get('session_id');
const queried = (stream: string) => sse((session) => `/messages/?session_id=${session}`, query, stream);
const mcpAt = (path: string) => ({ mcp: path, sse: null });

/** Base URL or endpoint, with or without slash, with redirects. */
export const SPELLINGS: OddCase[] = [
  {
    name: '/mcp/ where only /mcp exists',
    at: '/mcp/',
    serve: only(['/mcp'], mcp()),
    health: 'healthy',
    found: mcpAt('/mcp'),
  },
  { name: '/mcp where only /mcp/ exists', serve: only(['/mcp/'], mcp()), health: 'healthy', found: mcpAt('/mcp/') },
  {
    name: 'the base of a server with /mcp/ only',
    at: '',
    serve: only(['/mcp/'], mcp()),
    health: 'healthy',
    found: mcpAt('/mcp/'),
  },
  {
    name: 'the base of a server with /api/mcp',
    at: '',
    serve: only(['/api/mcp'], mcp()),
    health: 'healthy',
    found: mcpAt('/api/mcp'),
  },
  {
    name: 'a redirect to the slash',
    serve: redirect({ '/mcp': '/mcp/' }, mcp()),
    health: 'healthy',
    found: mcpAt('/mcp/'),
  },
  {
    name: 'a redirect to the inner origin with the right path',
    serve: redirect({ '/mcp': 'http://10.255.255.1:8000/v2/mcp' }, only(['/v2/mcp'], mcp())),
    health: 'healthy',
    found: mcpAt('/v2/mcp'),
  },
  {
    name: 'GET /sse redirects to /sse/',
    at: '/sse',
    serve: redirect({ '/sse': '/sse/' }, queried('/sse/')),
    health: 'healthy',
    found: { mcp: null, sse: '/sse/' },
  },
  {
    name: 'the base of a server whose /sse redirects',
    at: '',
    serve: redirect({ '/sse': '/sse/' }, only(['/sse/', '/messages/'], queried('/sse/'))),
    health: 'healthy',
    found: { mcp: null, sse: '/sse/' },
  },
  {
    name: '/sse/ where only /sse exists',
    at: '/sse/',
    serve: queried('/sse'),
    health: 'healthy',
    found: { mcp: null, sse: '/sse' },
  },
  {
    name: 'a redirect to another host',
    serve: always(307, 'text/plain', '', { location: 'http://169.254.169.254/latest?token=x' }),
    health: 'unhealthy',
    problem: 'It redirects to http://169.254.169.254/latest (HTTP 307). Failed step: server/discover at {url}/mcp',
    remedy: /^Make the server, or the proxy in front of it, answer at the registered address/,
  },
  {
    name: 'a redirect to TLS',
    serve: (request, response) => {
      always(301, 'text/plain', '', { location: `https://127.0.0.1${request.url ?? ''}` })(request, response);
    },
    health: 'unhealthy',
    problem: 'It redirects to https://127.0.0.1/mcp (HTTP 301). Failed step: server/discover at {url}/mcp',
    remedy: /register it with https:\/\//,
  },
  {
    name: 'a redirect to a login page',
    serve: always(302, 'text/html', '', { location: '/accounts/login?next=/mcp' }),
    health: 'auth_required',
    problem:
      'It asks for a sign-in in the browser: HTTP 302 to {url}/accounts/login. Failed step: server/discover at {url}/mcp',
    remedy: /set headers\.Authorization to a token/,
  },
  {
    name: 'a redirect to a sign-in elsewhere, with a credential',
    target: { headers: { Authorization: 'Bearer abcdef' } },
    serve: always(302, 'text/html', '', { location: 'https://sso.example.com/start' }),
    health: 'auth_required',
    problem:
      'It asks for a sign-in in the browser: HTTP 302 to https://sso.example.com/start. Failed step: server/discover at {url}/mcp',
    remedy: /does not get past it/,
  },
  {
    name: 'a page with a password field',
    serve: always(200, 'text/html', '<html><form><input type="password"></form></html>'),
    health: 'auth_required',
    problem:
      'It asks for a sign-in in the browser: a web page with a password field. Failed step: initialize at {url}/mcp',
    remedy: /set headers\.Authorization to a token/,
  },
  {
    name: 'a redirect without a target',
    serve: always(302, 'text/plain', ''),
    health: 'unhealthy',
    problem: 'It redirects without a usable Location (HTTP 302). Failed step: initialize at {url}/mcp',
    remedy: /log of the server/,
  },
  {
    name: 'redirects in a circle',
    serve: redirect({ '/mcp': '/a', '/a': '/mcp' }, mcp()),
    health: 'unhealthy',
    problem: 'It redirects to {url}/a (HTTP 307). Failed step: server/discover at {url}/mcp',
    remedy: /without a redirect/,
  },
];
