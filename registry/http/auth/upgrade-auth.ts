import type { IncomingMessage } from 'node:http';
import type { SessionView } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { AppDeps } from '../app-deps.ts';
import { isOurOrigin } from '../middleware/same-origin.ts';
import { identify } from './identify.ts';
import { createSessionReader } from './read-session.ts';

/** Authenticates HTTP upgrades: who may open the WebSocket of live/. */
export interface UpgradeAuth {
  /** Who sends this request; null when unknown. Prolongs no session. */
  authenticate(request: IncomingMessage): Promise<SessionView | null>;
  /** Whether a page of this origin belongs to this registry. */
  allowsOrigin(origin: string, request: IncomingMessage): boolean;
}

/** Creates upgrade authentication over the same sessions and keys as the API. */
export function createUpgradeAuth(deps: Pick<AppDeps, 'store' | 'access' | 'secretKey' | 'gatewayUrl'>): UpgradeAuth {
  const readSession = createSessionReader(deps.store.sessions, deps.secretKey);
  const gatewayOrigin = new URL(deps.gatewayUrl).origin;
  return {
    async authenticate({ headers: { authorization, cookie } }) {
      try {
        const caller = await identify(deps.access, { authorization, readSession: () => readSession(cookie) });
        return caller && { kind: caller.kind, name: caller.name, role: caller.role, expiresAt: caller.expiresAt };
      } catch (error) {
        if (error instanceof RegistryError && (error.code === 'unauthorized' || error.code === 'forbidden'))
          return null;
        throw error;
      }
    },
    allowsOrigin: (origin, { headers }) => isOurOrigin(origin.toLowerCase(), headers.host ?? '', gatewayOrigin),
  };
}
