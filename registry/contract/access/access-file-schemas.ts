import { z } from 'zod';
import type { GateFile, GrantFile, HoursFile, KeyFile, LimitFile, ServerFile } from '../gate/access-files.ts';
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

const offsets = z.array(z.object({ from: z.int(), minutes: z.int() }));

const hoursFile = z.object({
  days: z.array(z.int().min(1).max(7)),
  from: z.int(),
  to: z.int(),
  offsets,
}) satisfies z.ZodType<HoursFile>;

const grantFile = z.object({
  server: z.string(),
  tools: z.array(z.string()).optional(),
  resources: z.array(z.string()).optional(),
  prompts: z.array(z.string()).optional(),
  deny: z.literal(true).optional(),
  hours: hoursFile.optional(),
  expiresAt: z.int().optional(),
}) satisfies z.ZodType<GrantFile>;

const limitFile = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  of: z.enum(['agent', 'group', 'server']),
  name: z.string(),
  server: z.string().optional(),
  tool: z.string().optional(),
  perAgent: z.literal(true).optional(),
  perSecond: z.number().optional(),
  burst: z.int().optional(),
  calls: z.int().optional(),
  streams: z.int().optional(),
  perDay: z.int().optional(),
  largeBodies: z.int().optional(),
  offsets: offsets.optional(),
}) satisfies z.ZodType<LimitFile>;

export const keyFile = z.object({
  v,
  agent: agentName,
  id: z.string().optional(),
  enabled: z.boolean(),
  grants: z.array(grantFile),
  servers: z.array(z.string()).optional(),
  toolList: z.enum(['direct', 'meta']).optional(),
  killed: z.string().optional(),
  sessionKey,
  limits: z.array(limitFile).optional(),
  offsets: offsets.optional(),
  expiresAt: z.int().optional(),
  agentExpiresAt: z.int().optional(),
}) satisfies z.ZodType<KeyFile>;

export const serverFile = z.object({
  v,
  state: z.enum(['on', 'off']),
  killed: z.string().optional(),
  tools: z.record(z.string(), z.string()).nullable(),
  tags: z.array(z.string()).optional(),
  readOnly: z.array(z.string()).optional(),
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
  limits: z.array(limitFile).optional(),
  passKey: z.literal(true).optional(),
  virtual: z.literal(true).optional(),
  recording: z
    .object({ toolErrors: z.boolean(), arguments: z.boolean(), results: z.boolean(), redact: z.array(z.string()) })
    .optional(),
}) satisfies z.ZodType<ServerFile>;
