import type { Era } from '@mcpgw/registry/contract';
import type { Connection } from './connection.ts';
import { connectLegacy } from './legacy.ts';
import { connectModern } from './modern.ts';
import { connectSse } from './sse.ts';

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
