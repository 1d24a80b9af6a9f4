import { z } from 'zod';
import { observedStatus } from './status.ts';

/** Checks of one server, newest first, and the latency over those kept. */
export const healthHistory = z.object({
  checks: z.array(
    z.object({
      at: z.string(),
      observed: observedStatus,
      latencyMs: z.number().nullable(),
      problem: z.string().nullable(),
    }),
  ),
  latency: z.object({ p50Ms: z.number().nullable(), p95Ms: z.number().nullable() }),
});
export type HealthHistory = z.infer<typeof healthHistory>;
