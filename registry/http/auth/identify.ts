import type { Request } from 'express';
import { RegistryError } from '../../errors.ts';
import type { Access } from '../../access/index.ts';
import type { Caller } from './caller.ts';
import { expiryOf, hashSid } from './session-store.ts';

function readBearer(header: string): string {
  const [, key] = /^Bearer +(\S+)$/i.exec(header) ?? [];
  if (key !== undefined) return key;
  throw new RegistryError('unauthorized', 'the Authorization header is not of the form "Bearer <key>"', {
    hint: 'Send Authorization: Bearer mgw_…, or log in with POST /api/session and send the cookie.',
  });
}

async function identifyPerson(access: Access, request: Request): Promise<Caller | null> {
  const { username } = request.session;
  if (username === undefined) return null;
  // Asked anew each time: a role that was taken away is gone on the next request.
  const user = await access.users.current(username);
  return (
    user && {
      kind: 'user',
      name: user.username,
      role: user.role,
      expiresAt: expiryOf(request.session),
      sidHash: hashSid(request.sessionID),
    }
  );
}

/**
 * Who is calling: by key when there is an Authorization header, else by session; null for nobody. Throws `unauthorized` for a wrong key and
 * `forbidden` for one without a role.
 */
export async function identify(access: Access, request: Request): Promise<Caller | null> {
  const header = request.get('Authorization');
  if (header === undefined) return identifyPerson(access, request);
  const { agent, role } = await access.authenticate(readBearer(header));
  return { kind: 'agent', name: agent, role, expiresAt: null, sidHash: null };
}
