import type { Page } from '@mcpgw/registry/contract';
import { request } from './request.ts';

/** Fetches every page of a list. */
export async function fetchAll<T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<T> = await request('GET', path, { query: { limit: 1000, ...query, cursor } });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}
