import { quote } from 'platform/text';
import { formatMoment } from './format-moment.ts';
import { GATE_ERRORS, type GateError } from '../../../registry/contract/gate/gate-errors.ts';

/** Why a request is refused: which response, a machine-readable reason, a sentence, and what to do about it. */
export interface Refusal {
  answer: GateError;
  reason: string;
  message: string;
  hint: string;
  /** The request's id as the client wrote it; absent: not read, or the body is not one request. */
  id?: string | undefined;
  /** Where it differs from the default status of the response. */
  status?: number;
  /** Value of the Allow header. */
  allow?: string;
  /** Value of the Retry-After header. */
  retryAfterS?: number;
  /** Of a call that exceeds a limit. */
  limit?: LimitShown;
}

/** The limit that a call would have exceeded, as its response shows it. */
export interface LimitShown {
  name: string;
  of: string;
  /** Name of the agent or group, or path of the server. */
  owner: string;
  server: string | undefined;
  tool: string | undefined;
  value: number;
  /** Undefined: the call can be made when one in progress ends. */
  resetsAtMs: number | undefined;
}

function quoteOrNull(text: string | undefined): string {
  return text === undefined ? 'null' : quote(text);
}

function writeLimit({ name, of, owner, server, tool, value, resetsAtMs }: LimitShown): string {
  const resetsAt = resetsAtMs === undefined ? 'null' : `"${formatMoment(resetsAtMs)}"`;
  return (
    `,"limit":{"name":"${name}","of":"${of}","owner":${quote(owner)},"server":${quoteOrNull(server)},` +
    `"tool":${quoteOrNull(tool)},"value":${value},"resetsAt":${resetsAt}}`
  );
}

/** The HTTP status of a refusal. */
export function statusOf(refusal: Refusal): number {
  return refusal.status ?? GATE_ERRORS[refusal.answer].status;
}

/** The body of one of the gateway's own responses (docs/errors.md). */
export function writeAnswer(refusal: Refusal): string {
  return (
    `{"jsonrpc":"2.0","id":${refusal.id ?? 'null'},"error":{"code":${GATE_ERRORS[refusal.answer].code},` +
    `"message":${quote(refusal.message)},"data":{"status":${statusOf(refusal)},"reason":${quote(refusal.reason)},` +
    `"hint":${quote(refusal.hint)}${refusal.limit === undefined ? '' : writeLimit(refusal.limit)}}}}`
  );
}

/** The WWW-Authenticate of a 401 (RFC 6750 §3). A request without a key gets no error code, as §3.1 requires. */
export function writeChallenge(refusal: Refusal): string {
  if (refusal.reason === 'key_missing') return 'Bearer';
  return `Bearer error="invalid_token", error_description="${refusal.message}"`;
}
