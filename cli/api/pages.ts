import { pageOf } from '@mcpgw/registry/contract';
import type { z } from 'zod';
import type { Api } from './client.ts';

const PAGE = 1_000;

/** All items of a list, or the first `limit`. */
export async function listAll<Item extends z.ZodType>(
  api: Api,
  path: readonly string[],
  item: Item,
  query: Record<string, string | number | undefined> = {},
  limit = Infinity,
): Promise<z.output<Item>[]> {
  const items: z.output<Item>[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.request({
      path,
      query: { ...query, limit: Math.min(PAGE, limit - items.length), cursor },
      response: pageOf(item),
    });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined && items.length < limit);
  return items;
}
