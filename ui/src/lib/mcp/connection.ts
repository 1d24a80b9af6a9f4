import type { Json, RequestHandlers } from './message.ts';

/** A connection to one server through the gateway, as an agent. */
export interface Connection {
  /** Sends a request and returns its result. Throws McpError. */
  request(method: string, params: Json, handlers?: RequestHandlers): Promise<Json>;
  /** The capabilities that the server declared. */
  capabilities: Json;
  close(): void;
}
