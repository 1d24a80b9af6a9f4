import { z } from 'zod';
import { groupInput, groupName } from '../access/group.ts';
import { agentInput, agentName, keyInput } from '../access/agent.ts';
import { KEY_SHAPE } from '../access/key-shape.ts';
import { agentLimits, groupLimits, serverLimits } from '../access/limits.ts';
import { serverInput } from '../server/server.ts';
import { SETTING_NAMES } from './setting-names.ts';

const { path: _, ...serverFields } = serverInput.in.shape;

const LIMITS = 'left out: those that were set by the API remain';

/** A server in a configuration file, by its path: what registers one, without the rules that need all fields together. */
export const configServer = z.strictObject({ ...serverFields, limits: serverLimits.optional().describe(LIMITS) });

/** A key of an agent: the key itself (a `file:` reference or `${VAR}` in a file) or its SHA-256. */
export const configKey = z
  .strictObject({
    ...keyInput.shape,
    key: z.string().regex(KEY_SHAPE, 'an mcpgw key: mgw_…').optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'the SHA-256 of a key: 64 digits 0-9 a-f')
      .optional(),
  })
  .superRefine(({ key, sha256 }, context) => {
    if ((key === undefined) === (sha256 === undefined))
      context.addIssue({ code: 'custom', path: ['key'], message: 'give either "key" or "sha256"' });
  });

/** An agent in a configuration file, by its name. Keys that were created through the API remain in addition to those of `keys`. */
export const configAgent = agentInput.omit({ name: true }).extend({
  keys: z.array(configKey).max(100).default([]),
  limits: agentLimits.optional().describe(`${LIMITS}; a new agent gets those of the settings`),
});

/** A group in a configuration file, by its name. */
export const configGroup = groupInput.omit({ name: true }).extend({ limits: groupLimits.optional().describe(LIMITS) });

const settingValue = z.union([z.string(), z.number(), z.boolean()]);

/** The contents of a configuration file, once its format is known and its references are resolved. */
export const configDocument = z.strictObject({
  $schema: z.string().optional().describe('for editors'),
  version: z.literal(1).optional(),
  settings: z
    .partialRecord(z.enum(SETTING_NAMES), settingValue)
    .default({})
    .describe('as in the environment, which takes precedence'),
  agentLimits: agentLimits.optional().describe('limits of a new agent'),
  servers: z.record(z.string(), configServer).default({}).describe('by path: weather, team/search'),
  groups: z.record(groupName, configGroup).default({}).describe('by name'),
  agents: z.record(agentName, configAgent).default({}).describe('by name'),
});

/** As it is written: everything may be left out. */
export type ConfigInput = z.input<typeof configDocument>;
export type ConfigDocument = z.infer<typeof configDocument>;
export type ConfigKey = z.infer<typeof configKey>;
export type ConfigAgent = z.infer<typeof configAgent>;
