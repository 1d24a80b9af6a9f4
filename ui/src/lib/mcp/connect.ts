import type { Era } from '@mcpgw/registry/contract';
import { connectLegacy } from './legacy.ts';
import { connectModern } from './modern.ts';
import { connectSse } from './sse.ts';
import type { Json, RequestHandlers } from './message.ts';

/** A connection to one server through the gateway, as an agent. */
export interface Connection {
  /** Sends a request and returns its result. Throws McpError. */
  request(method: string, params: Json, handlers?: RequestHandlers): Promise<Json>;
  /** What the server said it can do. */
  capabilities: Json;
  close(): void;
}

export interface Target {
  /** Where the server is reached: `/<path>/mcp`, or `/<path>/sse` for one that has nothing else. */
  url: string;
  key: string;
  era: Era | null;
  isSse: boolean;
}

/** Connects as the era of the server asks. Throws McpError. */
export function connect(target: Target): Promise<Connection> {
  if (target.isSse) return connectSse(target);
  return target.era === 'modern' ? connectModern(target) : connectLegacy(target);
}
