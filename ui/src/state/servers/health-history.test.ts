// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';
import { healthHistories } from './health-history.svelte.ts';

const requested: string[] = [];
afterEach(() => vi.useRealTimers());

it('requests the histories of all visible rows at once, and again only for servers checked since', async () => {
  vi.useFakeTimers();
  document.head.innerHTML = '<base href="https://gw.example/ui/">';
  vi.stubGlobal('fetch', (url: URL) => {
    requested.push(url.searchParams.get('paths') ?? '');
    const paths = url.searchParams.get('paths')?.split(',') ?? [];
    return Promise.resolve(new Response(JSON.stringify({ items: paths.map((path) => ({ path, checks: [] })) })));
  });
  const load = (path: string, checkedAt: string) => healthHistories.request(`id-${path}`, path, checkedAt);
  for (const path of ['a', 'b', 'team/c']) load(path, 'first');
  await vi.runAllTimersAsync();
  expect(requested).toEqual(['a,b,team/c']);
  expect(healthHistories.get('id-team/c')).toEqual({ checks: [] });
  for (const path of ['a', 'b', 'team/c']) load(path, path === 'b' ? 'second' : 'first');
  await vi.runAllTimersAsync();
  expect(requested).toEqual(['a,b,team/c', 'b']);
});
