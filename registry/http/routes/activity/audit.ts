import { z } from 'zod';
import { auditEntry, auditReport, auditSpan, pageOf, pageQuery } from '../../../contract/index.ts';
import { cutPage, readCursor } from '../../framework/cursor.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import type { AppDeps } from '../../app-deps.ts';

// Strict: if an unknown filter were ignored, the results would be misleading.
const auditQuery = pageQuery
  .extend(auditSpan.shape)
  .extend({
    target: z.string().max(200).optional().describe('a path, agent:<name>, user:<name> …'),
    actor: z.string().max(200).optional(),
    action: z.string().max(100).optional(),
  })
  .strict();

/** Who changed what, from where, before and after. */
export function auditEndpoints({ store }: Pick<AppDeps, 'store'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/audit',
      tag: 'Audit',
      summary: 'Who changed what',
      description: 'From where, before and after; newest first. Secrets are never in it.',
      access: 'operator',
      query: auditQuery,
      answers: { 200: { description: 'A page of changes.', schema: pageOf(auditEntry) } },
      handle: async ({ query: { limit, cursor, ...filter } }) => {
        const beforeId = readCursor('number', cursor);
        const entries = await store.audit.list({ ...filter, beforeId, limit: limit + 1 });
        return { status: 200, body: cutPage(entries, limit, ({ id }) => id) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/audit/verify',
      tag: 'Audit',
      summary: 'Verify that no change was altered or deleted',
      description: 'Each row has a MAC over itself and the previous row, with a key that is derived from SECRET_KEY.',
      access: 'admin',
      answers: { 200: { description: 'The number of valid rows, and the first flaw.', schema: auditReport } },
      handle: async () => ({ status: 200, body: await store.audit.verify() }),
    }),
  ];
}
