import { createHash } from 'node:crypto';
import session, { type SessionData } from 'express-session';
import type { Store as Database } from '../../store/index.ts';

/** How far the end of a session must have moved before it is written again: not every request costs a write. */
const TOUCH_MS = 5 * 60_000;

/** What is stored instead of a session's id, so that the database alone allows no login. */
export function hashSid(sid: string): string {
  return createHash('sha256').update(sid).digest('hex');
}

/** When a session ends if no further request arrives, ISO 8601. */
export function expiryOf({ cookie }: Pick<SessionData, 'cookie'>): string {
  return new Date(Date.now() + (cookie.maxAge ?? 0)).toISOString();
}

type Done = (error?: unknown) => void;

function callBack(work: Promise<unknown>, done: Done | undefined): void {
  work.then(
    () => done?.(),
    (error: unknown) => done?.(error),
  );
}

/** Sessions of express-session in the database: a restart logs nobody out. */
export class SessionStore extends session.Store {
  readonly #sessions: Database['sessions'];

  constructor(sessions: Database['sessions']) {
    super();
    this.#sessions = sessions;
  }

  override get(sid: string, done: (error: unknown, data?: SessionData | null) => void): void {
    const read = async (): Promise<SessionData | null> => {
      const row = await this.#sessions.get(hashSid(sid), new Date().toISOString());
      return row === undefined ? null : { ...(JSON.parse(row.data) as SessionData), storedUntil: row.expiresAt };
    };
    read().then(
      (data) => {
        done(null, data);
      },
      (error: unknown) => {
        done(error);
      },
    );
  }

  override set(sid: string, data: SessionData, done?: Done): void {
    const username = data.username ?? null;
    callBack(
      this.#sessions.put({ sidHash: hashSid(sid), username, data: JSON.stringify(data), expiresAt: expiryOf(data) }),
      done,
    );
  }

  /** Only moves the end of an existing session: one that was ended meanwhile stays ended. */
  override touch(sid: string, data: SessionData, done?: Done): void {
    const until = expiryOf(data);
    const isDue = Date.parse(until) - Date.parse(data.storedUntil ?? '1970-01-01') >= TOUCH_MS;
    callBack(isDue ? this.#sessions.touch(hashSid(sid), until) : Promise.resolve(), done);
  }

  override destroy(sid: string, done?: Done): void {
    callBack(this.#sessions.remove(hashSid(sid)), done);
  }
}

declare module 'express-session' {
  interface SessionData {
    /** The person; absent before login. */
    username?: string;
    /** When it ends according to the database; decides whether that must be written again. */
    storedUntil?: string;
  }
}
