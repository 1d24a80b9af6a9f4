import { z } from 'zod';
import type { GateFile, KeyFile, ServerFile } from '../gate/access-files.ts';
import { ACCESS_VERSION } from '../gate/access-version.ts';
import { agentName } from './agent.ts';

const v = z.literal(ACCESS_VERSION);
const sessionKey = z.string().regex(/^[\w-]{43}$/);

export const gateFile = z.object({
  v,
  drain: z.boolean(),
  killed: z.string().nullable(),
  sessionKey,
}) satisfies z.ZodType<GateFile>;

export const keyFile = z.object({
  v,
  agent: agentName,
  enabled: z.boolean(),
  grants: z.array(z.object({ server: z.string(), tools: z.array(z.string()) })),
  sessionKey,
  expiresAt: z.int().optional(),
  agentExpiresAt: z.int().optional(),
}) satisfies z.ZodType<KeyFile>;

export const serverFile = z.object({
  v,
  state: z.enum(['on', 'off']),
  tools: z.array(z.string()).nullable(),
  instances: z.array(
    z.object({
      id: z.string(),
      up: z.boolean(),
      weight: z.int().optional(),
      query: z.string().min(1).optional(),
    }),
  ),
  credentials: z.record(z.string(), z.string()).optional(),
  forwardHeaders: z.array(z.string()).optional(),
  passKey: z.literal(true).optional(),
}) satisfies z.ZodType<ServerFile>;
