import { z } from 'zod';
import { agentLimits, limitRule } from '../access/limits.ts';

/** What can be changed while the registry runs; the rest of the configuration is set in the environment. */
export const settingsPatch = z
  .strictObject({
    healthCron: z.string().trim().min(9).max(100).describe('cron with seconds, for example */30 * * * * *'),
    healthTimeoutMs: z.int().min(100).max(60_000),
    agentLimits: agentLimits.describe('limits of a new agent'),
  })
  .partial();
export const settingsView = z.object({
  healthCron: z.string(),
  healthTimeoutMs: z.int(),
  agentLimits: z.object({ zone: z.string(), rules: z.array(limitRule) }).describe('limits of a new agent'),
  gatewayUrl: z.string(),
  version: z.string(),
  managed: z
    .array(z.enum(['healthCron', 'healthTimeoutMs', 'agentLimits']))
    .describe('those that the configuration file sets, and that are changed there'),
  revision: z.int().describe('of the settings; the ETag'),
});

export type SettingsPatch = z.infer<typeof settingsPatch>;
export type SettingsView = z.infer<typeof settingsView>;
