import { z } from 'zod';
import { grants, grantView, moment } from './grant.ts';

export const role = z.enum(['viewer', 'operator', 'admin']);

/** Lower-case name of an agent; also the name of its access file. */
export const agentName = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/,
    'an agent name is 1 to 64 of a-z 0-9 . _ -, beginning and ending with a letter or digit',
  );

export const agentInput = z.strictObject({
  name: agentName,
  description: z.string().trim().max(1000).default(''),
  role: role.nullable().default(null).describe('rights on the REST API and through mcpgw; null: none'),
  enabled: z.boolean().default(true),
  expiresAt: moment.nullable().default(null),
  grants: grants.default([]),
});
export const agentPatch = z
  .strictObject({
    description: z.string().trim().max(1000),
    role: role.nullable(),
    enabled: z.boolean(),
    expiresAt: moment.nullable(),
  })
  .partial();

export const keyInput = z.strictObject({
  label: z.string().trim().max(100).default(''),
  expiresAt: moment.nullable().default(null),
});
export const keyView = z.object({
  id: z.string(),
  label: z.string(),
  hint: z.string().describe('the last four characters, to tell keys apart'),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
});
/** The only answer that ever carries a key. */
export const keyCreated = keyView.extend({ key: z.string() });

export const agentView = z.object({
  name: z.string(),
  description: z.string(),
  role: role.nullable(),
  enabled: z.boolean(),
  expiresAt: z.string().nullable(),
  grants: z.array(grantView),
  keys: z.array(keyView),
  createdAt: z.string(),
  revision: z.int(),
});

export type Role = z.infer<typeof role>;
export type AgentInput = z.infer<typeof agentInput>;
export type AgentPatch = z.infer<typeof agentPatch>;
export type AgentView = z.infer<typeof agentView>;
export type KeyInput = z.infer<typeof keyInput>;
export type KeyView = z.infer<typeof keyView>;
export type KeyCreated = z.infer<typeof keyCreated>;
