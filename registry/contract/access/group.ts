import { z } from 'zod';
import { grants, grantView } from './grant.ts';

export const groupName = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/,
    'a group name is 1 to 64 of a-z 0-9 . _ -, beginning and ending with a letter or digit',
  );

const description = z.string().trim().max(1000);

export const groupInput = z.strictObject({
  name: groupName,
  description: description.default(''),
  grants: grants.default([]),
});
export const groupPatch = z.strictObject({ description }).partial();

/** Grants that all of its agents have. */
export const groupView = z.object({
  name: z.string(),
  description: z.string(),
  grants: z.array(grantView),
  managedBy: z.string().nullable().describe('the configuration that defines it and in which it is changed; null: none'),
  agents: z.array(z.string()).describe('names of the agents in it'),
  createdAt: z.string(),
  revision: z.int(),
});

export type GroupInput = z.infer<typeof groupInput>;
export type GroupPatch = z.infer<typeof groupPatch>;
export type GroupView = z.infer<typeof groupView>;
