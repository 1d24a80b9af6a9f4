import { z } from 'zod';
import { grants, grantView, moment } from './grant.ts';
import { groupName } from './group.ts';
import { serverPattern } from '../server/path.ts';

export const role = z.enum(['viewer', 'operator', 'admin']);

/** Lower-case name of an agent; also the name of its access file. */
export const agentName = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/,
    'an agent name is 1 to 64 of a-z 0-9 . _ -, beginning and ending with a letter or digit',
  );

const owner = z.string().trim().max(200).describe('who is responsible for it: a person or a team');
const agentTags = z.array(z.string().trim().min(1).max(40)).max(20).describe('free text, for finding agents');
const memberships = z.array(groupName).max(50).describe('groups whose grants it has in addition to its own');
/** What `tools/list` of the meta endpoint returns to an agent. */
export const toolList = z
  .enum(['auto', 'direct', 'meta'])
  .describe(
    'tools/list at /mcp: direct: every tool that it may call, as server__tool; meta: the four gateway_… tools; auto: direct up to 100 tools',
  );

export const agentInput = z.strictObject({
  name: agentName,
  description: z.string().trim().max(1000).default(''),
  owner: owner.default(''),
  tags: agentTags.default([]),
  groups: memberships.default([]),
  role: role.nullable().default(null).describe('rights on the REST API and through mcpgw; null: none'),
  enabled: z.boolean().default(true),
  expiresAt: moment.nullable().default(null),
  grants: grants.default([]),
  toolList: toolList.default('auto'),
});
export const agentPatch = z
  .strictObject({
    description: z.string().trim().max(1000),
    owner,
    tags: agentTags,
    groups: memberships,
    role: role.nullable(),
    enabled: z.boolean(),
    expiresAt: moment.nullable(),
    toolList,
  })
  .partial();

const label = z.string().trim().max(100);
const keyServers = z
  .array(serverPattern)
  .min(1)
  .max(100)
  .nullable()
  .describe('servers that it is limited to, of those that its agent is granted; null: all of them');

export const keyInput = z.strictObject({
  label: label.default(''),
  expiresAt: moment.nullable().default(null),
  servers: keyServers.default(null),
});
export const keyPatch = z.strictObject({ label, expiresAt: moment.nullable(), servers: keyServers }).partial();
export const keyRotation = z.strictObject({
  overlapHours: z
    .number()
    .min(0)
    .max(8_760)
    .default(24)
    .describe('how many hours the old key still works; 0: it expires immediately'),
  label: label.optional().describe('of the new key; left out: that of the old one'),
  expiresAt: moment.nullable().optional().describe('of the new key; left out: the same lifetime as the old one'),
});
export const keyView = z.object({
  id: z.string(),
  label: z.string(),
  hint: z.string().describe('the last four characters, to distinguish keys'),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  servers: z.array(z.string()).nullable(),
  lastUsedAt: z.string().nullable().describe('when a request with it ended, to about a minute'),
  managedBy: z.string().nullable().describe('the configuration that defines it and in which it is changed; null: none'),
});
/** The only response that ever contains a key. */
export const keyCreated = keyView.extend({ key: z.string() });

export const agentView = z.object({
  name: z.string(),
  description: z.string(),
  owner: z.string(),
  tags: z.array(z.string()),
  groups: z.array(z.string()),
  role: role.nullable(),
  enabled: z.boolean(),
  enforced: z.boolean().describe('false: the gate does not enforce its last change yet; GET /api/gateway shows why'),
  expiresAt: z.string().nullable(),
  grants: z.array(grantView).describe('its own; those of its groups are added'),
  managedBy: z.string().nullable().describe('the configuration that defines it and in which it is changed; null: none'),
  toolList,
  keys: z.array(keyView),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable().describe('when a request of it ended, to about a minute'),
  revision: z.int(),
});

export type ToolList = z.infer<typeof toolList>;
export type Role = z.infer<typeof role>;
export type AgentInput = z.infer<typeof agentInput>;
export type AgentPatch = z.infer<typeof agentPatch>;
export type AgentView = z.infer<typeof agentView>;
export type KeyInput = z.infer<typeof keyInput>;
export type KeyPatch = z.infer<typeof keyPatch>;
export type KeyRotation = z.infer<typeof keyRotation>;
export type KeyView = z.infer<typeof keyView>;
export type KeyCreated = z.infer<typeof keyCreated>;
