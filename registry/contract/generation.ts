import { z } from 'zod';

/** staged → proven, or → failed (the one before it serves on). */
export const generationState = z.enum(['staged', 'proven', 'failed']);

export const setAside = z.object({ serverId: z.string(), path: z.string(), message: z.string() });

export const generationView = z.object({
  number: z.int(),
  state: generationState,
  current: z.boolean().describe('NGINX serves this one'),
  revision: z.int().describe('the revision of the database that it renders'),
  servers: z.int(),
  setAside: z.array(setAside),
  cause: z.string().describe('what asked for it: the last change, a rollback, a re-resolved name …'),
  error: z.string().nullable(),
  nginxOutput: z.string().describe('what `nginx -t` said'),
  createdAt: z.string(),
  provenAt: z.string().nullable(),
  /** Milliseconds from the start of staging to the proof. */
  tookMs: z.int().nullable(),
});

/** One generation with its files, by name. They never contain a secret: nothing secret is rendered. */
export const generationDetail = generationView.extend({ files: z.record(z.string(), z.string()) });

export type GenerationState = z.infer<typeof generationState>;
export type SetAside = z.infer<typeof setAside>;
export type GenerationView = z.infer<typeof generationView>;
export type GenerationDetail = z.infer<typeof generationDetail>;
