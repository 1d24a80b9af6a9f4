import { z } from 'zod';
import { killInput } from '../access/kill.ts';
import { agentLimits } from '../access/limits.ts';
import { role, agentName } from '../access/agent.ts';
import { groupName } from '../access/group.ts';
import { username } from '../access/user.ts';
import { recording } from '../server/recording.ts';
import { tool } from '../tools/tool.ts';
import { toolLockMode } from '../tools/tool-lock.ts';
import { configAgent, configDocument, configGroup, configServer } from './config-document.ts';
import { configApplied } from './config-plan.ts';

const passphrase = z.string().min(12, 'a passphrase has at least 12 characters').max(1_000);

const exportedUser = z.strictObject({
  role,
  enabled: z.boolean(),
  passwordHash: z.string().max(100).optional().describe('bcrypt; a secret'),
});
const exportedLock = z.strictObject({
  mode: toolLockMode,
  approved: z.array(z.strictObject({ name: z.string(), hash: z.string(), tool })),
});

/** The whole state of a gateway: a configuration, and what configuration files do not contain. It contains no references. */
export const configExport = configDocument.omit({ servers: true, groups: true, agents: true }).extend({
  servers: z.record(z.string(), configServer),
  groups: z.record(groupName, configGroup),
  agents: z.record(agentName, configAgent),
  users: z.record(username, exportedUser),
  agentLimits: agentLimits.optional().describe('limits of a new agent, if they were changed'),
  kills: z.array(killInput).describe('kill switches that are on'),
  recordings: z.record(z.string(), recording).default({}).describe('what is recorded of calls, by path of the server'),
  toolLocks: z.record(z.string(), exportedLock).describe('by path of the server'),
  export: z.strictObject({
    version: z.literal(1),
    secrets: z.enum(['sealed', 'omitted']),
    omitted: z.array(z.string()).describe('fields of secrets that are not in it, or sealed'),
    sealed: z.string().optional().describe('all secrets, encrypted with the passphrase (scrypt, AES-256-GCM)'),
  }),
});

export const exportInput = z
  .strictObject({ secrets: z.enum(['sealed', 'omitted']).default('omitted'), passphrase: passphrase.optional() })
  .superRefine(({ secrets, passphrase: chosen }, context) => {
    if ((secrets === 'sealed') !== (chosen !== undefined))
      context.addIssue({
        code: 'custom',
        path: ['passphrase'],
        message: secrets === 'sealed' ? 'sealed secrets need a passphrase' : 'no secret is exported, so leave it out',
      });
  });

export const importInput = z.strictObject({
  document: z.record(z.string(), z.json()).describe('the response of an export'),
  passphrase: passphrase.optional(),
  replace: z
    .boolean()
    .default(false)
    .describe('true: what is not in it is removed; false: it is added to the current state'),
  dryRun: z.boolean().default(false),
});
export const configImported = configApplied.extend({
  missingSecrets: z.array(z.string()).describe('secrets that the export omitted: enter them again'),
});

export type ConfigExport = z.infer<typeof configExport>;
export type ExportInput = z.infer<typeof exportInput>;
export type ImportInput = z.infer<typeof importInput>;
