// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';
import { healthHistories } from './health-history.svelte.ts';

const asked: string[] = [];
afterEach(() => vi.useRealTimers());

it('asks for the strips of all rows that are shown in one request, and again only for what was checked since', async () => {
  vi.useFakeTimers();
  document.head.innerHTML = '<base href="https://gw.example/ui/">';
  vi.stubGlobal('fetch', (url: URL) => {
    asked.push(url.searchParams.get('paths') ?? '');
    const paths = url.searchParams.get('paths')?.split(',') ?? [];
    return Promise.resolve(new Response(JSON.stringify({ items: paths.map((path) => ({ path, checks: [] })) })));
  });
  const ask = (path: string, checkedAt: string) => healthHistories.request(`id-${path}`, path, checkedAt);
  for (const path of ['a', 'b', 'team/c']) ask(path, 'first');
  await vi.runAllTimersAsync();
  expect(asked).toEqual(['a,b,team/c']);
  expect(healthHistories.get('id-team/c')).toEqual({ checks: [] });
  for (const path of ['a', 'b', 'team/c']) ask(path, path === 'b' ? 'second' : 'first');
  await vi.runAllTimersAsync();
  expect(asked).toEqual(['a,b,team/c', 'b']);
});
