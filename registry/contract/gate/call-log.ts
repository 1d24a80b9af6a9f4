/**
 * The members of one line of `calls.log`, in the order in which they are written when a request ends. This table renders NGINX's
 * `log_format` (`formatCallLog`), types a line (`CallLogLine`) and parses it (registry/activity/rollups/parse-call.ts). Data only: the gate
 * includes it, so no zod and no regular expression.
 *
 * `text` is NGINX's text for the value; null: the gate writes the member as part of `$mcpgw_who` (`ofKey`) or `$mcpgw_note`. `perCall` members
 * differ from call to call, or are not counted; lines that are equal in all others are counted as one group. `optional` members are written
 * only if they have a value.
 */
export const CALL_LOG_MEMBERS = [
  /** Epoch seconds with milliseconds, when the request ended. */
  { name: 'time', shape: 'seconds', text: '$msec', perCall: true },
  { name: 'id', shape: 'hex', text: '"$mcpgw_id"', perCall: true },
  /** Trace id of a traceparent header. */
  { name: 'trace', shape: 'hexOrNull', text: '$mcpgw_trace', perCall: true },
  /** HTTP method. */
  { name: 'http', shape: 'string', text: '"$request_method"', perCall: false },
  { name: 'agent', shape: 'stringOrNull', text: null, perCall: false, ofKey: true },
  /** Id of the key. */
  { name: 'key', shape: 'stringOrNull', text: null, perCall: false, ofKey: true, optional: true },
  /** Path of the server. */
  { name: 'server', shape: 'stringOrNull', text: null, perCall: false },
  { name: 'instance', shape: 'stringOrNull', text: null, perCall: false },
  { name: 'era', shape: 'era', text: null, perCall: false },
  /** JSON-RPC methods of the body. */
  { name: 'methods', shape: 'strings', text: null, perCall: false },
  /** Names in `tools/call`. */
  { name: 'tools', shape: 'strings', text: null, perCall: false },
  /** Names in `prompts/get`. */
  { name: 'prompts', shape: 'strings', text: null, perCall: true, optional: true },
  /** URIs of resources, without what follows "?". */
  { name: 'resources', shape: 'strings', text: null, perCall: true, optional: true },
  /** Arguments of a tool, `isError` and its result, redacted: only if enabled for the server. */
  { name: 'arguments', shape: 'stringOrNull', text: null, perCall: true, optional: true },
  { name: 'toolError', shape: 'flagOrNull', text: null, perCall: false, optional: true },
  { name: 'result', shape: 'stringOrNull', text: null, perCall: true, optional: true },
  { name: 'status', shape: 'count', text: '$mcpgw_status', perCall: false },
  { name: 'bytesIn', shape: 'count', text: '$request_length', perCall: true },
  { name: 'bytesOut', shape: 'count', text: '$bytes_sent', perCall: true },
  { name: 'durationMs', shape: 'milliseconds', text: '${request_time}e3', perCall: true },
  { name: 'upstreamMs', shape: 'millisecondsOrNull', text: '$mcpgw_upstream_ms', perCall: true },
  { name: 'verdict', shape: 'verdict', text: '"$mcpgw_verdict"', perCall: false },
  { name: 'reason', shape: 'stringOrNull', text: '$mcpgw_logged_reason', perCall: false },
  { name: 'address', shape: 'address', text: '"$remote_addr"', perCall: true },
] as const satisfies readonly CallLogMember[];

interface CallLogMember {
  name: string;
  shape: CallLogShape;
  text: string | null;
  perCall: boolean;
  optional?: true;
  /** Depends on the key alone, not on the call. */
  ofKey?: true;
}

interface Values {
  seconds: number;
  milliseconds: number;
  millisecondsOrNull: number | null;
  count: number;
  hex: string;
  hexOrNull: string | null;
  string: string;
  stringOrNull: string | null;
  strings: string[];
  flagOrNull: boolean | null;
  address: string;
  era: 'legacy' | 'modern' | null;
  /** `limited`: refused because a limit is reached. */
  verdict: 'allowed' | 'refused' | 'limited';
}

type Member = (typeof CALL_LOG_MEMBERS)[number];

/** How a member is written, which determines the type of its value. */
export type CallLogShape = keyof Values;

/** One parsed line of `calls.log`. */
export type CallLogLine = { [M in Member as M['name']]: Values[M['shape']] };

/**
 * The variables with the members that only the gate knows, as JSON text without braces. Members of the key are a separate text: it is created when
 * the key is read, and the note of a call is the same text for all keys.
 */
export const CALL_LOG_WHO = '$mcpgw_who';
export const CALL_LOG_NOTE = '$mcpgw_note';

function formatEmpty(isOfKey: boolean): string {
  const noted = CALL_LOG_MEMBERS.filter(
    (member) => member.text === null && !('optional' in member) && 'ofKey' in member === isOfKey,
  );
  return noted.map(({ name, shape }) => `"${name}":${shape === 'strings' ? '[]' : 'null'}`).join(',');
}

/** The members of a line for a key that the gate does not know. */
export function formatEmptyWho(): string {
  return formatEmpty(true);
}

/** The note of a request about which the gate knows nothing. */
export function formatEmptyNote(): string {
  return formatEmpty(false);
}

/** The pieces of NGINX's `log_format` for a line (nginx.org/en/docs/http/ngx_http_log_module.html#log_format), each without quotes around it. */
export function formatCallLog(): string[] {
  const pieces: string[] = [];
  for (const member of CALL_LOG_MEMBERS) {
    const { name, text } = member;
    const own = 'ofKey' in member ? CALL_LOG_WHO : CALL_LOG_NOTE;
    const piece = text === null ? own : `"${name}":${text}`;
    if (pieces[pieces.length - 1] !== piece) pieces.push(piece);
  }
  return pieces.map((piece, index) => (index === 0 ? '{' : ',') + piece + (index === pieces.length - 1 ? '}' : ''));
}
