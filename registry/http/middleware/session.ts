import type { RequestHandler } from 'express';
import session from 'express-session';
import type { AppDeps } from '../app-deps.ts';
import { SESSION_MS, sessionCookieName, sessionCookieSecret } from '../auth/session-cookie.ts';
import { SessionStore } from '../auth/session-store.ts';

/** Sessions of people: in the database, rolling, the cookie out of reach of scripts and of other sites. */
export function openSessions({ store, secretKey }: Pick<AppDeps, 'store' | 'secretKey'>): RequestHandler {
  return session({
    name: sessionCookieName(secretKey),
    secret: sessionCookieSecret(secretKey),
    store: new SessionStore(store.sessions),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    unset: 'destroy',
    cookie: { httpOnly: true, sameSite: 'strict', secure: 'auto', maxAge: SESSION_MS, path: '/' },
  });
}
