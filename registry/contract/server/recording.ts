import { z } from 'zod';

/** What is recorded of the calls of a server in addition to caller, target, time and outcome. Nothing, unless enabled. */
export const recording = z.strictObject({
  toolErrors: z.boolean().default(false).describe('whether a result has isError'),
  arguments: z.boolean().default(false).describe('arguments of tools, at most 8 KB, redacted'),
  results: z.boolean().default(false).describe('results of tools, at most 8 KB, redacted'),
  redact: z
    .array(z.string().trim().min(1).max(100))
    .max(100)
    .default([])
    .describe('names of members whose values are left out, at any depth, in addition to password, token and the like'),
});

export type Recording = z.output<typeof recording>;
