// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, UnansweredError, UnreachableError } from './api-error.ts';
import { abortRequestsBefore, onUnauthorized, request } from './request.ts';
import { apiUrl, href, liveUrl } from './urls.ts';

const replies: (Response | Error)[] = [];
const sent: { url: string; init: RequestInit }[] = [];

beforeEach(() => {
  replies.length = 0;
  sent.length = 0;
  document.head.innerHTML = '<base href="https://gw.example/prefix/ui/">';
  onUnauthorized(() => Promise.resolve(false));
  vi.stubGlobal('fetch', (url: URL, init: RequestInit) => {
    sent.push({ url: url.href, init });
    const next = replies.shift();
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  });
});
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

describe('request', () => {
  it('sends requests to the URL prefix that the UI is served at', async () => {
    replies.push(json({ ok: true }));
    await request('GET', 'api/servers', { query: { q: 'a b', cursor: undefined, limit: 5 } });
    expect(sent[0]?.url).toBe('https://gw.example/prefix/api/servers?q=a+b&limit=5');
    expect(href('/servers/x')).toBe('/prefix/ui/servers/x');
    expect(liveUrl(7)).toBe('wss://gw.example/prefix/ws?since=7');
    expect(apiUrl('').href).toBe('https://gw.example/prefix/');
  });
  it('sends the revision as If-Match', async () => {
    replies.push(json({}));
    await request('PATCH', 'api/servers/x', { body: { a: 1 }, revision: 12 });
    expect(sent[0]?.init.headers).toMatchObject({ 'If-Match': '"12"' });
  });
  it('repeats the request after a new login', async () => {
    replies.push(json({ title: 'no' }, 401), json({ done: true }));
    onUnauthorized(() => Promise.resolve(true));
    expect(await request('POST', 'api/servers', { body: {} })).toEqual({ done: true });
    expect(sent).toHaveLength(2);
  });
  it('returns the problem document of the registry, with the errors of each field', async () => {
    const errors = [{ field: 'tags.0', message: 'a tag is …' }];
    replies.push(json({ title: 'Invalid', status: 422, detail: 'tags.0: a tag is …', hint: 'Use a-z.', errors }, 422));
    const error = await request('POST', 'api/servers').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).message).toBe('tags.0: a tag is …');
    expect((error as ApiError).hint).toBe('Use a-z.');
    expect((error as ApiError).field('tags')).toBe('a tag is …');
    expect((error as ApiError).field('name')).toBeUndefined();
  });
  it('aborts requests sent before a connection was lost; whether a change was saved is unknown', async () => {
    vi.stubGlobal('fetch', (_url: URL, { signal }: RequestInit) => {
      const { promise, reject } = Promise.withResolvers<Response>();
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      return promise;
    });
    const change = expect(request('PATCH', 'api/servers/x', { body: {} })).rejects.toBeInstanceOf(UnansweredError);
    const read = expect(request('GET', 'api/servers')).rejects.toBeInstanceOf(UnreachableError);
    const aborted = new AbortController();
    const abortedRead = expect(request('GET', 'api/tools', { signal: aborted.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    aborted.abort();
    await abortedRead;
    abortRequestsBefore(performance.now() + 1);
    await Promise.all([change, read]);
  });
  it('distinguishes a registry that is unreachable from one that refuses', async () => {
    replies.push(
      new TypeError('Failed to fetch'),
      new Response('<html>', { status: 502 }),
      new Response('<html>', { status: 500 }),
    );
    await expect(request('GET', 'api/servers')).rejects.toBeInstanceOf(UnreachableError);
    await expect(request('GET', 'api/servers')).rejects.toBeInstanceOf(UnreachableError);
    await expect(request('GET', 'api/servers')).rejects.toMatchObject({ status: 500 });
  });
});
