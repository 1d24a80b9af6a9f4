import type { Request } from 'express';
import type { z } from 'zod';
import { loginInput, sessionView, type SessionView, type UserView } from '../../../contract/index.ts';
import { RegistryError } from '../../../lib/errors.ts';
import { addressOf, type Caller } from '../../auth/caller.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { admitAddress, admitAttempt, type LoginThrottle } from '../../auth/login-throttle.ts';
import { sessionCookieName } from '../../auth/session-cookie.ts';
import type { AppDeps } from '../../app-deps.ts';
import { expiryOf } from '../../auth/session-store.ts';

const TAG = 'Session';

function call(run: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    run((error) => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error('the session cannot be stored', { cause: error }));
    });
  });
}

/** A new session id at login, so that one planted before is useless. */
async function beginSession(request: Request, user: UserView): Promise<SessionView> {
  await call((done) => request.session.regenerate(done));
  request.session.username = user.username;
  await call((done) => request.session.save(done));
  return {
    kind: 'user',
    name: user.username,
    role: user.role,
    expiresAt: expiryOf(request.session),
  };
}

async function logIn(
  deps: AppDeps,
  throttle: LoginThrottle,
  request: Request,
  login: z.infer<typeof loginInput>,
): Promise<SessionView> {
  const address = addressOf(request) ?? 'unknown';
  admitAttempt(throttle, login.username, address, 'failed logins');
  const user = await deps.access.users.verifyLogin(login.username, login.password);
  if (user === null) {
    // Without the name: people type passwords into that field.
    deps.log.warn({ address }, 'login refused');
    throw new RegistryError('unauthorized', 'the user name or the password is wrong', {
      hint: 'After the first start the password is in DATA_DIR/first-login.txt, if it was not printed.',
    });
  }
  throttle.succeed(login.username, address);
  await deps.store.sessions.removeExpired(new Date().toISOString());
  return beginSession(request, user);
}

function viewCaller({ kind, name, role, expiresAt }: Caller): SessionView {
  return { kind, name, role, expiresAt };
}

/** Login, logout and the current caller. */
export function sessionEndpoints(deps: AppDeps, throttle: LoginThrottle): Endpoint[] {
  const forgetCookie = {
    'Set-Cookie': `${sessionCookieName(deps.secretKey)}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict`,
  };
  const admit = (request: Request): void => admitAddress(throttle, addressOf(request) ?? 'unknown', 'failed logins');
  async function endSession(request: Request): Promise<void> {
    const { username } = request.session;
    await call((done) => request.session.destroy(done));
    if (username !== undefined) deps.events.emit('session.ended', { username });
  }
  return [
    endpoint({
      method: 'post',
      path: '/api/session',
      tag: TAG,
      summary: 'Log in',
      description: 'Sets the session cookie. Wrong passwords are slowed down, per account and per address.',
      access: 'public',
      usesSession: true,
      admit,
      body: loginInput,
      example: { username: 'admin', password: 'the password' },
      answers: { 200: { description: 'Logged in; the cookie is set.', schema: sessionView } },
      handle: async ({ request, body }) => ({ status: 200, body: await logIn(deps, throttle, request, body) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/session',
      tag: TAG,
      summary: 'Who am I',
      access: 'viewer',
      answers: { 200: { description: 'Who is calling, with which role.', schema: sessionView } },
      handle: ({ caller }) => Promise.resolve({ status: 200, body: caller && viewCaller(caller) }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/session',
      tag: TAG,
      summary: 'Log out',
      access: 'public',
      usesSession: true,
      answers: { 204: { description: 'Logged out; also without a session.' } },
      handle: async ({ request }) => {
        await endSession(request);
        return { status: 204, headers: forgetCookie };
      },
    }),
    endpoint({
      method: 'post',
      path: '/login',
      tag: 'Legacy routes',
      summary: 'Log in, as older scripts do',
      access: 'public',
      usesSession: true,
      takesForms: true,
      admit,
      body: loginInput,
      answers: { 303: { description: 'Logged in; the cookie is set. Location is the UI.' } },
      handle: async ({ request, body }) => {
        await logIn(deps, throttle, request, body);
        return { status: 303, headers: { Location: 'ui/' } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/logout',
      tag: 'Legacy routes',
      summary: 'Log out, as older scripts do',
      access: 'public',
      usesSession: true,
      answers: { 303: { description: 'Logged out. Location is the UI.' } },
      handle: async ({ request }) => {
        await endSession(request);
        return { status: 303, headers: { ...forgetCookie, Location: 'ui/' } };
      },
    }),
  ];
}
