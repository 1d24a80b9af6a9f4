import { z } from 'zod';

/** A server's path in a URL: encoded (`team%2Fsearch`), with or without a leading slash. */
export const pathParam = z.object({
  path: z
    .string()
    .max(300)
    .transform((written) => written.replace(/^\/+|\/+$/g, ''))
    .describe('path of the server, URL-encoded: team%2Fsearch'),
});

export const nameParam = z.object({ name: z.string().max(100).describe('name of the agent') });
export const keyParam = nameParam.extend({ id: z.string().max(100).describe('id of the key') });
export const groupParam = z.object({ name: z.string().max(100).describe('name of the group') });
export const usernameParam = z.object({ username: z.string().max(100).describe('name of the user') });
export const numberParam = z.object({
  number: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).describe('number of the generation'),
});
