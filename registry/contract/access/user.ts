import { z } from 'zod';
import { role } from './agent.ts';

export const username = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9._@-]{0,62}[A-Za-z0-9])?$/, 'a user name is 1 to 64 of letters, digits, . _ @ -');
/** bcrypt reads 72 bytes; a longer password would be truncated silently, so it is refused. */
export const password = z
  .string()
  .min(10, 'a password has at least 10 characters')
  .refine((written) => new TextEncoder().encode(written).length <= 72, 'a password has at most 72 bytes');

export const loginInput = z.strictObject({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(500),
});
export const userInput = z.strictObject({ username, password, role });
export const userPatch = z.strictObject({ role, enabled: z.boolean() }).partial();
export const passwordChange = z.strictObject({
  currentPassword: z.string().max(500).optional(),
  newPassword: password,
});

export const userView = z.object({
  username: z.string(),
  role,
  enabled: z.boolean(),
  createdAt: z.string(),
  lastLoginAt: z.string().nullable(),
  revision: z.int(),
});
/** Who is calling: a person with a session, or an agent with a role. */
export const sessionView = z.object({
  kind: z.enum(['user', 'agent']),
  name: z.string(),
  role,
  expiresAt: z.string().nullable(),
});

export type UserInput = z.infer<typeof userInput>;
export type UserPatch = z.infer<typeof userPatch>;
export type UserView = z.infer<typeof userView>;
export type SessionView = z.infer<typeof sessionView>;
