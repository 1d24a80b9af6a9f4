// The SSE transport is deprecated; it is here for servers and clients that support no other.
/* eslint-disable @typescript-eslint/no-deprecated */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Message } from '../connection/message.ts';
import type { Server } from '../servers/create-server.ts';
import { sendJson } from './answer.ts';
import { createSession, type Session } from './session.ts';

/** HTTP+SSE (protocol version 2024-11-05). */
export interface SseSessions {
  /** GET: opens a stream. */
  open: (serverId: string, server: Server, request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** POST: a message of a client, at the URL that its stream announced. */
  receive: (serverId: string, request: IncomingMessage, response: ServerResponse) => Promise<void>;
  count: (serverId: string) => number;
  close: () => Promise<void>;
}

interface Held {
  serverId: string;
  session: Session;
  transport: SSEServerTransport;
}

/** Creates the SSE sessions of all servers; each lasts as long as its stream. */
export function createSseSessions(): SseSessions {
  const sessions = new Map<string, Held>();
  return {
    async open(serverId, server, request, response) {
      const transport = new SSEServerTransport(`/${serverId}/message`, response);
      const id = transport.sessionId;
      const session = createSession({
        server,
        id,
        send: (message) => void transport.send(message as JSONRPCMessage).catch(() => undefined),
      });
      transport.onmessage = (message) => session.receive(message as Message);
      transport.onclose = () => {
        if (sessions.delete(id)) session.end();
      };
      session.identify(request.headers.authorization);
      sessions.set(id, { serverId, session, transport });
      session.setListening(true);
      await transport.start();
    },
    async receive(serverId, request, response) {
      const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('sessionId') ?? '';
      const held = sessions.get(id);
      if (held?.serverId === serverId) {
        held.session.identify(request.headers.authorization);
        return held.transport.handlePostMessage(request, response);
      }
      sendJson(response, 404, { error: 'this session has ended; open the stream again' });
    },
    count: (serverId) => [...sessions.values()].filter((held) => held.serverId === serverId).length,
    async close() {
      await Promise.all([...sessions.values()].map(({ transport }) => transport.close()));
    },
  };
}
