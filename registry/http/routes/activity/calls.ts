import { z } from 'zod';
import { callFilter, callSpan, callView, pageOf, pageQuery } from '../../../contract/index.ts';
import { RegistryError } from '../../../lib/errors.ts';
import type { AppDeps } from '../../app-deps.ts';
import { readCursor, unknownCursor, writeCursor } from '../../framework/cursor.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { exportCalls, writeExport } from './export-calls.ts';

// Strict: if an unknown filter were ignored, the results would be misleading.
const callsQuery = pageQuery.extend(callFilter.shape).extend(callSpan.shape).strict();
const exportQuery = callFilter
  .extend(callSpan.shape)
  .extend({ format: z.enum(['jsonl', 'csv']).default('jsonl') })
  .strict();
const callsPage = pageOf(callView).extend({
  searchedTo: z
    .string()
    .nullable()
    .describe('the search took too long and ended here; continue with nextCursor. Null: it is complete'),
});

/** How long one request may search. */
const BUDGET_MS = 500;

/** Throws `not_found` where single calls are not stored. */
export function requireCalls(calls: AppDeps['calls']): NonNullable<AppDeps['calls']> {
  if (calls !== null) return calls;
  throw new RegistryError(
    'not_found',
    'single calls are not stored on this gateway: CALL_STORE is off, or sends them elsewhere',
    {
      hint: 'Set CALL_STORE=sqlite and restart. Until then calls.log in LOG_DIR contains them, one JSON line each.',
    },
  );
}

/** `time.id` of the last call of the previous page, or the end of the span. */
function readPlace(cursor: string | undefined, to: string | undefined): { timeMs: number; id: number } {
  if (cursor === undefined)
    return { timeMs: to === undefined ? Date.now() + 60_000 : Date.parse(to) - 1, id: Number.MAX_SAFE_INTEGER };
  const [timeMs, id] = readCursor('string', cursor)?.split('.').map(Number) ?? [];
  if (!Number.isSafeInteger(timeMs) || !Number.isSafeInteger(id)) throw unknownCursor();
  return { timeMs: Number(timeMs), id: Number(id) };
}

/** Single calls: search and export. */
export function callEndpoints({ calls }: Pick<AppDeps, 'calls'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/calls',
      tag: 'Usage',
      summary: 'Search the calls',
      description:
        'Every request that reached the gateway, allowed or refused; newest first. Stored for CALL_STORE_DAYS and up to CALL_STORE_MB.',
      access: 'operator',
      query: callsQuery,
      answers: { 200: { description: 'A page of calls.', schema: callsPage } },
      handle: async ({ query: { limit, cursor, from, to, ...filter } }) => {
        const search = {
          filter,
          fromMs: from === undefined ? 0 : Date.parse(from),
          before: readPlace(cursor, to),
          limit,
          budgetMs: BUDGET_MS,
        };
        const { calls: items, next } = await requireCalls(calls).search(search);
        const isCut = next !== null && items.length < limit;
        return {
          status: 200,
          body: {
            items,
            searchedTo: isCut ? new Date(next.timeMs).toISOString() : null,
            ...(next !== null && { nextCursor: writeCursor(`${next.timeMs}.${next.id}`) }),
          },
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/calls/export',
      tag: 'Usage',
      summary: 'Export calls',
      description:
        'The calls of a search as JSON Lines or CSV, newest first, streamed. `at` of the latest line shows the progress.',
      access: 'operator',
      query: exportQuery,
      answers: { 200: { description: 'One call per line.', contentType: 'application/x-ndjson' } },
      handle: async ({ query: { format, from, to, ...filter } }) => {
        const fromMs = from === undefined ? 0 : Date.parse(from);
        const pages = exportCalls(requireCalls(calls), { filter, fromMs, before: readPlace(undefined, to) });
        // Searched before the status is sent, so that a failure is a problem in JSON.
        const first = await pages.next();
        return {
          status: 200,
          body: writeExport(format, first, pages),
          headers: {
            'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
            'Content-Disposition': `attachment; filename="calls.${format}"`,
          },
        };
      },
    }),
  ];
}
