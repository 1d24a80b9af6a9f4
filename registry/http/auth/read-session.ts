import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SessionData } from 'express-session';
import type { Store as Database } from '../../store/index.ts';
import { hashSid } from './session-store.ts';
import { sessionCookieName, sessionCookieSecret } from './session-cookie.ts';

/** A person's session as of one request. */
export interface PersonSession {
  username: string;
  /** When it ends if no further request arrives, ISO 8601. */
  expiresAt: string;
  sidHash: string;
}

function findCookie(header: string | undefined, name: string): string | undefined {
  const pair = header?.split(';').find((part) => part.trim().startsWith(`${name}=`));
  return pair?.slice(pair.indexOf('=') + 1).trim();
}

/** The session id inside a cookie value `s:<sid>.<signature>` (as cookie-signature writes it); undefined when it is not signed with `secret`. */
export function verifySid(cookie: string, secret: string): string | undefined {
  const [, sid, signature] = /^s%3A([^.]+)\.(.+)$/.exec(cookie) ?? [];
  if (sid === undefined || signature === undefined) return undefined;
  const expected = Buffer.from(createHmac('sha256', secret).update(sid).digest('base64').replace(/=+$/, ''));
  const given = Buffer.from(signature.replaceAll(/%2F/gi, '/').replaceAll(/%2B/gi, '+'));
  return given.length === expected.length && timingSafeEqual(given, expected) ? sid : undefined;
}

/**
 * Creates a reader of session cookies for requests outside the API, such as WebSocket upgrades. It finds the session that
 * express-session stored, null when there is none, and never prolongs it.
 */
export function createSessionReader(
  sessions: Pick<Database['sessions'], 'get'>,
  secretKey: string,
): (cookieHeader: string | undefined) => Promise<PersonSession | null> {
  const name = sessionCookieName(secretKey);
  const secret = sessionCookieSecret(secretKey);
  return async (cookieHeader) => {
    const cookie = findCookie(cookieHeader, name);
    const sid = cookie === undefined ? undefined : verifySid(cookie, secret);
    if (sid === undefined) return null;
    const sidHash = hashSid(sid);
    const row = await sessions.get(sidHash, new Date().toISOString());
    const { username } = row === undefined ? {} : (JSON.parse(row.data) as Partial<SessionData>);
    return username === undefined || row === undefined ? null : { username, expiresAt: row.expiresAt, sidHash };
  };
}
