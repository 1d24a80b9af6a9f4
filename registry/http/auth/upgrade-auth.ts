import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Request, Response } from 'express';
import type { SessionView } from '../../contract/index.ts';
import { RegistryError } from '../../errors.ts';
import { identify } from './identify.ts';
import { isOurOrigin } from '../middleware/same-origin.ts';
import { openSessions } from '../middleware/session.ts';
import type { Parts } from '../app-deps.ts';

/** Who may open a connection that is not a request of the API (the WebSocket of live/). */
export interface Door {
  /** Who sends this request; null for nobody that is known. Prolongs no session. */
  authenticate(request: IncomingMessage): Promise<SessionView | null>;
  /** Whether a page of this origin is one of ours. */
  allowsOrigin(origin: string, request: IncomingMessage): boolean;
}

/** Makes the door, over the same sessions and keys as the API. */
export function createDoor(parts: Pick<Parts, 'store' | 'access' | 'secretKey' | 'gatewayUrl'>): Door {
  const sessions = openSessions(parts);

  function loadSession(request: Request): Promise<void> {
    return new Promise((resolve, reject) => {
      // Never sent, so that express-session, which writes when an answer ends, writes nothing.
      const response = new ServerResponse(request) as Response;
      void sessions(request, response, (error?: unknown) => {
        if (error === undefined || error === null) resolve();
        else reject(new RegistryError('unavailable', 'the session cannot be read', { cause: error }));
      });
    });
  }

  return {
    async authenticate(incoming) {
      // A request of its own each time: express-session reads nothing where one has a session already, however long ago that ended.
      const request = Object.create(incoming) as Request;
      request.get = ((name: string) => incoming.headers[name.toLowerCase()]) as Request['get'];
      await loadSession(request);
      try {
        const caller = await identify(parts.access, request);
        return caller && { kind: caller.kind, name: caller.name, role: caller.role, expiresAt: caller.expiresAt };
      } catch (error) {
        if (error instanceof RegistryError && (error.code === 'unauthorized' || error.code === 'forbidden'))
          return null;
        throw error;
      }
    },
    allowsOrigin: (origin, { headers }) =>
      isOurOrigin(origin.toLowerCase(), headers.host ?? '', new URL(parts.gatewayUrl).origin),
  };
}
