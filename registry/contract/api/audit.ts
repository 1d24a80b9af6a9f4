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
});

export type Actor = z.infer<typeof actor>;
export type AuditEntry = z.infer<typeof auditEntry>;
