import { formatCallLog, type CallLogLine } from '../../../registry/contract/index.ts';

/** The values of a call in a line. */
export interface WrittenCall {
  agoMs: number;
  agent: string | null;
  key?: string | null | undefined;
  server: string | null;
  tools: string[];
  status: number;
  durationMs: number;
  upstreamMs: number | null;
  verdict: CallLogLine['verdict'];
  reason: string | null;
  address: string;
  /** Members that the gate writes after those of all lines. */
  more?: string;
}

/** A line as NGINX fills in its log format: each variable as it or the gate writes it. */
export function writeLogLine(call: WrittenCall, nowMs: number): string {
  const seconds = (ms: number) => (ms / 1_000).toFixed(3);
  const text = (value: string | null) => JSON.stringify(value);
  const variables: Record<string, string> = {
    msec: seconds(nowMs - call.agoMs),
    mcpgw_id: '0a'.repeat(16),
    mcpgw_trace: 'null',
    request_method: 'POST',
    mcpgw_who: `"agent":${text(call.agent)}${(call.key ?? null) === null ? '' : `,"key":${text(call.key ?? null)}`}`,
    mcpgw_note: `"server":${text(call.server)},"instance":"i1","era":"legacy","methods":["tools/call"],"tools":${JSON.stringify(call.tools)}${call.more ?? ''}`,
    mcpgw_status: String(call.status),
    request_length: '10',
    bytes_sent: '0',
    request_time: seconds(call.durationMs),
    mcpgw_upstream_ms: call.upstreamMs === null ? 'null' : `${seconds(call.upstreamMs)}e3`,
    mcpgw_verdict: call.verdict,
    mcpgw_logged_reason: text(call.reason),
    remote_addr: call.address,
  };
  const format = formatCallLog().join('');
  return `${format.replace(/\$\{?(\w+)\}?/g, (_, variable: string) => variables[variable] ?? `no $${variable}`)}\n`;
}
