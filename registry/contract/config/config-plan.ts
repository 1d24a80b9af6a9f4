import { z } from 'zod';
import { configDocument } from './config-document.ts';

/** Name of the configuration that a server or agent comes from. */
export const configSource = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/, 'a name of 1 to 64 of a-z 0-9 . _ -');

const configKind = z.enum(['server', 'agent', 'group']);

const fieldChange = z.object({
  field: z.string(),
  before: z.json().nullable(),
  after: z.json().nullable(),
});

export const configChange = z.object({
  action: z.enum(['add', 'change', 'remove']),
  kind: configKind,
  name: z.string().describe('path of the server, name of the agent or group'),
  fields: z.array(fieldChange).describe('secrets are "(secret)"'),
  adopts: z.boolean().describe('it was created through the API and is managed by this configuration from then on'),
});

/** What applying a configuration would do. */
export const configPlan = z.object({
  source: z.string(),
  revision: z.int().describe('of the gateway when the plan was made; apply it with this `ifRevision`'),
  changes: z.array(configChange),
  unchanged: z.int(),
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })).describe('entries that were skipped, and why'),
  takenOver: z
    .array(z.object({ kind: configKind, name: z.string(), at: z.string(), by: z.string() }))
    .describe('in the configuration, but taken over through the API: left unchanged'),
  restart: z.array(z.string()).describe('settings that differ from those of the running gateway: restart it for them'),
});

export const configPlanInput = z.strictObject({
  document: configDocument,
  source: configSource.default('cli'),
  probe: z.boolean().default(true).describe('false: new servers are not probed before they are published'),
});
export const configApplyInput = configPlanInput.extend({
  ifRevision: z.int().optional().describe('refuses (412) when anything was changed since the plan'),
});
export const configApplied = configPlan.extend({
  applied: z.boolean().describe('true: NGINX was verified to serve all of it'),
  generation: z.int().nullable(),
});

const configProblem = z.object({
  field: z.string(),
  message: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
});

/** The configuration file of a gateway, and what is managed by which configuration. */
export const configStatus = z.object({
  file: z.string().nullable().describe('the file that is read; null: none was found'),
  state: z
    .enum(['none', 'applied', 'broken', 'missing'])
    .describe('broken, missing: nothing was changed, what was applied before remains in effect'),
  appliedAt: z.string().nullable(),
  problems: z.array(configProblem),
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
  restart: z.array(z.string()),
  managed: z.array(z.object({ kind: configKind, name: z.string(), source: z.string() })),
  takenOver: z.array(
    z.object({
      kind: configKind,
      name: z.string(),
      source: z.string(),
      at: z.string(),
      by: z.string(),
    }),
  ),
});

export const takeOverInput = z.strictObject({ kind: configKind, name: z.string().min(1).max(200) });

export type ConfigChange = z.infer<typeof configChange>;
export type ConfigPlan = z.infer<typeof configPlan>;
export type ConfigProblemView = z.infer<typeof configProblem>;
export type ConfigStatus = z.infer<typeof configStatus>;
export type TakeOverInput = z.infer<typeof takeOverInput>;
export type ConfigKind = z.infer<typeof configKind>;
