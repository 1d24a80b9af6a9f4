import { z } from 'zod';
import { pageOf, pageQuery, passwordChange, userInput, userPatch, userView } from '../../../contract/index.ts';
import { RegistryError } from '../../../lib/errors.ts';
import { includesRole, type Caller } from '../../auth/caller.ts';
import { cutPage, readCursor } from '../../framework/cursor.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { admitAttempt, type LoginThrottle } from '../../auth/login-throttle.ts';
import { usernameParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Users';

/** Whether callers change their own password, which needs the current one; an admin sets that of others. */
function isOwnPassword(caller: Caller | null, username: string): boolean {
  if (caller?.kind === 'user' && caller.name === username) return true;
  if (caller !== null && includesRole(caller.role, 'admin')) return false;
  throw new RegistryError('forbidden', 'only an admin may set the password of somebody else');
}

/** Users. */
export function userEndpoints({ access: { users } }: Pick<AppDeps, 'access'>, throttle: LoginThrottle): Endpoint[] {
  const current = ({ username }: { username: string }) => users.get(username);
  const user = { description: 'The user; the revision is the ETag.', schema: userView };
  return [
    endpoint({
      method: 'get',
      path: '/api/users',
      tag: TAG,
      summary: 'List users',
      access: 'admin',
      query: pageQuery,
      answers: { 200: { description: 'A page of users, sorted by name.', schema: pageOf(userView) } },
      handle: async ({ query: { limit, cursor } }) => {
        const after = readCursor('string', cursor) ?? '';
        const rest = (await users.list()).filter(({ username }) => username > after);
        return { status: 200, body: cutPage(rest, limit, ({ username }) => username) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/users',
      tag: TAG,
      summary: 'Create a user',
      access: 'admin',
      body: userInput,
      example: { username: 'ada', password: 'a long password', role: 'operator' },
      answers: { 201: user },
      handle: async ({ actor, body }) => {
        const created = await users.create(actor, body);
        const location = `/api/users/${encodeURIComponent(created.username)}`;
        return { status: 201, body: created, revision: created.revision, headers: { Location: location } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/users/{username}',
      tag: TAG,
      summary: 'Show a user',
      access: 'admin',
      params: usernameParam,
      answers: { 200: user },
      handle: async ({ params }) => {
        const found = await users.get(params.username);
        return { status: 200, body: found, revision: found.revision };
      },
    }),
    endpoint({
      method: 'patch',
      path: '/api/users/{username}',
      tag: TAG,
      summary: 'Change the role of a user, or switch the account off or on',
      description:
        'Takes effect on the next request; a user who is switched off is logged out. The last enabled admin must remain one.',
      access: 'admin',
      params: usernameParam,
      body: userPatch,
      example: { role: 'viewer' },
      current,
      answers: { 200: user },
      handle: async ({ actor, params, body, ifRevision }) => {
        const changed = await users.change(actor, params.username, body, ifRevision);
        return { status: 200, body: changed, revision: changed.revision };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/users/{username}',
      tag: TAG,
      summary: 'Remove a user',
      access: 'admin',
      params: usernameParam,
      current,
      answers: { 204: { description: 'Removed and logged out.' } },
      handle: async ({ actor, params, ifRevision }) => {
        await users.remove(actor, params.username, ifRevision);
        return { status: 204 };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/users/{username}/password',
      tag: TAG,
      summary: 'Change a password',
      description:
        'Your own with `currentPassword`; an admin sets that of others without it. All other sessions end. Wrong current passwords are slowed down like failed logins.',
      access: 'viewer',
      params: usernameParam,
      body: passwordChange,
      example: { currentPassword: 'the old one', newPassword: 'a new long one' },
      answers: { 204: { description: 'Changed.' } },
      handle: async ({ actor, caller, params, body }) => {
        const isOwn = isOwnPassword(caller, params.username);
        if (isOwn && body.currentPassword === undefined)
          throw new RegistryError('invalid', 'currentPassword: this is missing; enter your current password', {
            errors: [{ field: 'currentPassword', message: 'this is missing; enter your current password' }],
          });
        const address = actor.address ?? 'unknown';
        if (isOwn) admitAttempt(throttle, params.username, address, 'wrong passwords');
        await users.changePassword(actor, params.username, {
          newPassword: body.newPassword,
          ...(isOwn && { currentPassword: body.currentPassword, keepSidHash: caller?.sidHash ?? undefined }),
        });
        if (isOwn) throttle.succeed(params.username, address);
        return { status: 204 };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/users/{username}/sessions',
      tag: TAG,
      summary: 'Log a user out everywhere',
      access: 'admin',
      params: usernameParam,
      answers: { 200: { description: 'How many sessions were ended.', schema: z.object({ ended: z.int() }) } },
      handle: async ({ actor, params }) => ({
        status: 200,
        body: { ended: await users.endSessions(actor, params.username) },
      }),
    }),
  ];
}
