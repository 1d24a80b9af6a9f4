import type { Access } from '../../access/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Caller } from './caller.ts';
import type { PersonSession } from './read-session.ts';

/** The credentials of a request. */
export interface Credentials {
  authorization: string | undefined;
  /** Called only when there is no Authorization header. */
  readSession: () => PersonSession | null | Promise<PersonSession | null>;
}

function readBearer(header: string): string {
  const [, key] = /^Bearer +(\S+)$/i.exec(header) ?? [];
  if (key !== undefined) return key;
  throw new RegistryError('unauthorized', 'the Authorization header is not of the form "Bearer <key>"', {
    hint: 'Send Authorization: Bearer mgw_…, or log in with POST /api/session and send the cookie.',
  });
}

async function identifyPerson(access: Access, session: PersonSession): Promise<Caller | null> {
  const { username, expiresAt, sidHash } = session;
  // Read at each request: a role that was removed no longer applies to the next one.
  const user = await access.users.current(username);
  return user && { kind: 'user', name: user.username, role: user.role, expiresAt, sidHash };
}

/**
 * Returns who is calling: by key when there is an Authorization header, else by session; null without either. Throws `unauthorized` for a wrong
 * key and `forbidden` for a key without a role.
 */
export async function identify(access: Access, { authorization, readSession }: Credentials): Promise<Caller | null> {
  if (authorization === undefined) {
    const session = await readSession();
    return session && identifyPerson(access, session);
  }
  const { agent, role } = await access.authenticate(readBearer(authorization));
  return { kind: 'agent', name: agent, role, expiresAt: null, sidHash: null };
}
