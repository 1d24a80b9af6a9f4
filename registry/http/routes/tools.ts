import { z } from 'zod';
import { pageOf, pageQuery, toolHit } from '../../contract/index.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { endpoint, type Endpoint } from '../endpoint.ts';
import type { SearchPart } from '../parts.ts';

/** Tools of all servers. */
export function searchEndpoints(search: SearchPart): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/tools',
      tag: 'Tools',
      summary: 'Search all tools',
      access: 'viewer',
      query: pageQuery.extend({ q: z.string().trim().max(500).default('').describe('words; empty lists all tools') }),
      answers: { 200: { description: 'A page of hits, best first.', schema: pageOf(toolHit) } },
      handle: async ({ query: { q, limit, cursor } }) => {
        const offset = readCursor('number', cursor) ?? 0;
        const hits = await search.search({ q, limit: limit + 1, offset });
        const items = hits.slice(0, limit);
        return {
          status: 200,
          body: hits.length > limit ? { items, nextCursor: writeCursor(offset + limit) } : { items },
        };
      },
    }),
  ];
}
