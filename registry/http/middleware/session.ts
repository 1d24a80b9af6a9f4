import type { RequestHandler } from 'express';
import session from 'express-session';
import { deriveKey } from '../../store/index.ts';
import type { Parts } from '../app-deps.ts';
import { SessionStore } from '../auth/session-store.ts';

/** A session ends when nothing was asked for so long. */
export const SESSION_MS = 12 * 60 * 60_000;

/** The cookie's name differs from gateway to gateway: browsers send cookies of a host to all of its ports. */
export function sessionCookieName(secretKey: string): string {
  return `mcpgw_session_${deriveKey(secretKey, 'cookie-name').toString('hex').slice(0, 8)}`;
}

/** Sessions of people: in the database, rolling, the cookie out of reach of scripts and of other sites. */
export function openSessions({ store, secretKey }: Pick<Parts, 'store' | 'secretKey'>): RequestHandler {
  return session({
    name: sessionCookieName(secretKey),
    secret: deriveKey(secretKey, 'cookie').toString('hex'),
    store: new SessionStore(store.sessions),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    unset: 'destroy',
    cookie: { httpOnly: true, sameSite: 'strict', secure: 'auto', maxAge: SESSION_MS, path: '/' },
  });
}
