import type { Era } from '@mcpgw/registry/contract';
import type { Connection } from './connection.ts';
import { connectLegacy } from './legacy.ts';
import { connectModern } from './modern.ts';
import { connectSse } from './sse.ts';

export interface Target {
  /** The endpoint of the server: `/<path>/mcp`, or `/<path>/sse` for one that has no other. */
  url: string;
  key: string;
  era: Era | null;
  isSse: boolean;
}

/** Connects with the protocol of the server's era. Throws McpError. */
export function connect(target: Target): Promise<Connection> {
  if (target.isSse) return connectSse(target);
  return target.era === 'modern' ? connectModern(target) : connectLegacy(target);
}
