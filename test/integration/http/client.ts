import type { Problem } from '../../../registry/contract/index.ts';
import { expectAsDescribed } from './open-api.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
  /** The same, if it is a problem document. */
  problem: Problem;
}
export interface Ask {
  body?: unknown;
  form?: Record<string, string>;
  raw?: string;
  headers?: Record<string, string>;
}

/** A client of the API that stores its cookie and checks every response against the OpenAPI document. */
export function createClient(url: string, authorization?: string) {
  let cookie: string | undefined;
  let document: object | undefined;

  async function ask(method: string, path: string, { body, form, raw, headers = {} }: Ask = {}): Promise<Answer> {
    document ??= (await (await fetch(`${url}/openapi.json`)).json()) as object;
    const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
    const payload =
      raw ??
      (form === undefined
        ? body === undefined
          ? undefined
          : JSON.stringify(body)
        : new URLSearchParams(form).toString());
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(payload !== undefined && { 'Content-Type': type }),
        ...(cookie !== undefined && { Cookie: cookie }),
        ...(authorization !== undefined && { Authorization: authorization }),
        ...headers,
      },
      ...(payload !== undefined && { body: payload }),
    });
    const set = response.headers.get('Set-Cookie');
    if (set !== null) cookie = set.includes('Max-Age=0') ? undefined : set.split(';')[0];
    const text = await response.text();
    const answered = response.headers.get('Content-Type') ?? '';
    expectAsDescribed(document, method, url + path, response.status, answered, text);
    const json = (answered.includes('json') ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, text, json, problem: json as unknown as Problem };
  }
  return {
    ask,
    get: (path: string, options?: Ask) => ask('GET', path, options),
    post: (path: string, options?: Ask) => ask('POST', path, options),
    put: (path: string, options?: Ask) => ask('PUT', path, options),
    patch: (path: string, options?: Ask) => ask('PATCH', path, options),
    delete: (path: string, options?: Ask) => ask('DELETE', path, options),
    logIn: (username: string, password: string) => ask('POST', '/api/session', { body: { username, password } }),
    get cookie() {
      return cookie;
    },
    set cookie(value: string | undefined) {
      cookie = value;
    },
  };
}
export type Client = ReturnType<typeof createClient>;
