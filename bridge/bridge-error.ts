/** Why a server of the bridge is unavailable: for programs; message and hint are for people. */
export type BridgeReason =
  | 'program_not_allowed'
  | 'program_not_found'
  | 'program_failed'
  | 'program_ended'
  | 'program_busy'
  | 'call_timed_out'
  | 'environment_missing'
  | 'confinement_unavailable'
  | 'client_ambiguous'
  | 'unreachable'
  | 'backend_refused'
  | 'broken_reply'
  | 'connection_lost';

/** The bridge sends it in place of a server's response: a JSON-RPC error, with HTTP status 503 if nothing was sent yet. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly reason: BridgeReason;
  /** What to do about it. */
  readonly hint: string;

  constructor(reason: BridgeReason, message: string, hint: string) {
    super(message);
    this.reason = reason;
    this.hint = hint;
  }
}
