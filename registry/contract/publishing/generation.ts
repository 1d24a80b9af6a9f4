import { z } from 'zod';

/** staged → verified, or → failed (the previous one stays live). */
export const generationState = z.enum(['staged', 'verified', 'failed']);

export const rejectedServer = z.object({
  serverId: z.string(),
  path: z.string(),
  message: z.string(),
  since: z
    .string()
    .optional()
    .describe('when it was first rejected, ISO 8601; absent: by an older version, or only previewed'),
});

export const generationView = z.object({
  number: z.int(),
  state: generationState,
  current: z.boolean().describe('NGINX serves this one'),
  revision: z.int().describe('the revision of the database that it renders'),
  servers: z.int(),
  rejected: z.array(rejectedServer),
  cause: z.string().describe('what caused it: the last change, a rollback, a re-resolved name …'),
  error: z.string().nullable(),
  nginxOutput: z.string().describe('output of `nginx -t`'),
  createdAt: z.string(),
  verifiedAt: z.string().nullable(),
  /** Milliseconds from the start of staging to the proof. */
  tookMs: z.int().nullable(),
});

/** One generation with its files, by name. They never contain a secret: nothing secret is rendered. */
export const generationDetail = generationView.extend({ files: z.record(z.string(), z.string()) });

export type GenerationState = z.infer<typeof generationState>;
export type RejectedServer = z.infer<typeof rejectedServer>;
export type GenerationView = z.infer<typeof generationView>;
export type GenerationDetail = z.infer<typeof generationDetail>;

/** What differs between two generations, as unified diffs. */
export const generationDiff = z.object({
  from: z.int().nullable().describe('null: from nothing'),
  to: z.int().nullable().describe('null: what the next publish would create'),
  changed: z.boolean(),
  files: z.array(z.object({ name: z.string(), diff: z.string() })),
  rejected: z.array(rejectedServer),
});

/** The part of the NGINX configuration that belongs to one server. */
export const serverConfig = z.object({
  path: z.string(),
  generation: z.int().nullable().describe('null: no generation serves it'),
  text: z.string(),
});

/** NGINX's workers, and which of them only finish their connections. */
export const workersView = z.object({
  current: z.int().nullable().describe('the generation that new connections get'),
  draining: z.int().describe('how many workers drain'),
  workers: z.array(
    z.object({
      pid: z.int(),
      generation: z.int().nullable(),
      draining: z.boolean(),
      sinceMs: z.int().nullable().describe('how long it has drained'),
    }),
  ),
});

export type GenerationDiff = z.infer<typeof generationDiff>;
export type ServerConfig = z.infer<typeof serverConfig>;
export type WorkersView = z.infer<typeof workersView>;
