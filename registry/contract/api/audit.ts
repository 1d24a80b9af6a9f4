import { z } from 'zod';

export const actor = z.object({
  kind: z.enum(['user', 'agent', 'system']),
  name: z.string(),
  address: z.string().nullable(),
});

export const auditEntry = z.object({
  id: z.int(),
  at: z.string(),
  actor,
  action: z.string().describe('past tense with a dot, for example server.registered'),
  target: z.string(),
  /** What changed, secrets replaced by "(secret)". */
  before: z.json().nullable(),
  after: z.json().nullable(),
  revision: z.int(),
  requestId: z.string().nullable().describe('X-Request-Id of the request that changed it'),
});

const moment = z.iso.datetime({ offset: true });
export const auditSpan = z.object({
  from: moment.optional().describe('at this time or later'),
  to: moment.optional().describe('before this time'),
});

export const auditReport = z.object({
  verified: z.int().describe('rows whose MAC fits the chain'),
  unchained: z.int().describe('rows from before the chain began'),
  flaw: z
    .object({ id: z.int().nullable(), detail: z.string() })
    .nullable()
    .describe('the first row that was changed, or where rows are missing; null: the log is intact'),
});

/** Who makes a change; `requestId` for HTTP requests. */
export type Actor = z.infer<typeof actor> & { requestId?: string };
export type AuditEntry = z.infer<typeof auditEntry>;
export type AuditReport = z.infer<typeof auditReport>;
