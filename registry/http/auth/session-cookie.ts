import { deriveKey } from '../../store/index.ts';

/** Idle timeout of a session. */
export const SESSION_MS = 12 * 60 * 60_000;

/** The cookie's name differs from gateway to gateway: browsers send cookies of a host to all of its ports. */
export function sessionCookieName(secretKey: string): string {
  return `mcpgw_session_${deriveKey(secretKey, 'cookie-name').toString('hex').slice(0, 8)}`;
}

/** The secret that signs session ids in cookies. */
export function sessionCookieSecret(secretKey: string): string {
  return deriveKey(secretKey, 'cookie').toString('hex');
}
