import type { BridgeError } from '../bridge-error.ts';
import type { RpcError } from './message.ts';

/** The gateway's own code for an unavailable server (docs/errors.md). */
const UNAVAILABLE = -32_055;

/** A BridgeError as JSON-RPC, in the format of the gateway's own errors. */
export function toRpcError({ message, reason, hint }: BridgeError): RpcError {
  return { code: UNAVAILABLE, message, data: { status: 503, reason, hint } };
}
