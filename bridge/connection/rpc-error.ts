import type { BridgeError } from '../bridge-error.ts';
import type { RpcError } from './message.ts';

/** The gateway's own code for a server that cannot answer (docs/errors.md). */
const UNAVAILABLE = -32_055;

/** A BridgeError as JSON-RPC, in the form of the gateway's own answers. */
export function toRpcError({ message, reason, hint }: BridgeError): RpcError {
  return { code: UNAVAILABLE, message, data: { status: 503, reason, hint } };
}
