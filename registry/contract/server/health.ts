import { z } from 'zod';
import { healthStatus } from './status.ts';

/** One instance as the checks see it. */
export const instanceHealth = z.object({
  id: z.string(),
  url: z.string(),
  enabled: z.boolean(),
  up: z
    .boolean()
    .describe('the gate prefers instances that are up; false after two failures, true again after one success'),
  health: healthStatus,
  failures: z.int().describe('checks that failed one after another'),
  latencyMs: z.number().nullable(),
  certificateExpiresAt: z.string().nullable().describe('of its TLS certificate; null: not seen, or no https'),
  problem: z.string().nullable(),
  remedy: z.string().nullable(),
});

/** Checks of one server, newest first, and the latency over the stored ones. */
export const healthHistory = z.object({
  health: healthStatus,
  instances: z.array(instanceHealth),
  /** Share of the stored checks that found it healthy or degraded, 0 to 1; null before the first. */
  uptime: z.number().nullable(),
  /** When the oldest stored check was: the figures are since then. */
  since: z.string().nullable(),
  checks: z.array(
    z.object({
      at: z.string(),
      health: healthStatus,
      latencyMs: z.number().nullable(),
      problem: z.string().nullable(),
    }),
  ),
  latency: z.object({ p50Ms: z.number().nullable(), p95Ms: z.number().nullable(), p99Ms: z.number().nullable() }),
});
/** Checks of several servers, by path. */
export const healthHistories = z.object({ items: z.array(healthHistory.extend({ path: z.string() })) });

export type InstanceHealth = z.infer<typeof instanceHealth>;
export type HealthHistories = z.infer<typeof healthHistories>;
export type HealthHistory = z.infer<typeof healthHistory>;
