import { z } from 'zod';

/** What a kill switch stops: every call, those of an agent, or those to a server. */
const killScope = z.enum(['all', 'agent', 'server']);

export const killInput = z
  .strictObject({
    scope: killScope,
    target: z.string().min(1).max(200).optional().describe('name of the agent or path of the server'),
    reason: z.string().trim().min(1).max(500).describe('sent to agents'),
  })
  .superRefine(({ scope, target }, context) => {
    const isAll = scope === 'all';
    if (isAll === (target === undefined)) return;
    const message = isAll ? 'everything is stopped, so leave it out' : 'this is missing; name what is to be stopped';
    context.addIssue({ code: 'custom', path: ['target'], message });
  });

/** A kill switch that is on. */
export const killView = z.object({
  id: z.string(),
  scope: killScope,
  target: z.string().nullable().describe('name of the agent or path of the server; null: everything'),
  reason: z.string(),
  at: z.string(),
  by: z.string(),
  enforced: z
    .boolean()
    .describe(
      'the gate refuses the calls; false: its files could not be written yet, which is retried, and GET /api/gateway shows why',
    ),
});

export type KillScope = z.infer<typeof killScope>;
export type KillInput = z.infer<typeof killInput>;
export type KillView = z.infer<typeof killView>;
