/** A response of the REST API. */
export interface ApiAnswer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

/** Calls the REST API as a signed-in administrator. */
export interface AdminClient {
  /** Sends JSON; returns a response with any status. */
  ask: <T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<ApiAnswer<T>>;
  /** Like `ask`, but throws unless the response is 2xx. */
  must: <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<T>;
  cookie: string;
}

async function send(url: string, method: string, body: unknown, headers: Record<string, string>): Promise<ApiAnswer> {
  const answer = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json') && text !== '';
  return { status: answer.status, headers: answer.headers, body: isJson ? (JSON.parse(text) as unknown) : text };
}

/** Signs in at `url` (the gateway, or the registry itself). Throws when that is refused. */
export async function signIn(url: string, username: string, password: string): Promise<AdminClient> {
  const login = await send(`${url}/api/session`, 'POST', { username, password }, {});
  if (login.status !== 200) throw new Error(`signing in was answered ${login.status}: ${JSON.stringify(login.body)}`);
  const cookie = login.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const ask: AdminClient['ask'] = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => (await send(`${url}${path}`, method, body, { cookie, ...headers })) as ApiAnswer<T>;
  return {
    cookie,
    ask,
    async must<T>(method: string, path: string, body?: unknown) {
      const answer = await ask<T>(method, path, body);
      if (answer.status < 200 || answer.status > 299)
        throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
  };
}
