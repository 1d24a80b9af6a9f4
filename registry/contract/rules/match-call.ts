import type { CallFilter, CallView } from '../api/call.ts';

/** Whether a call fulfils every condition of the filter. */
export function matchesCall(call: CallView, filter: CallFilter): boolean {
  const { agent, server, tool, verdict, status, toolError, minMs, trace, requestId } = filter;
  return (
    (agent === undefined || call.agent === agent) &&
    (server === undefined || call.server === server) &&
    (tool === undefined || call.tools.includes(tool)) &&
    (verdict === undefined || call.verdict === verdict) &&
    (status === undefined || matchesStatus(call.status, status)) &&
    (toolError === undefined || call.toolError === (toolError === 'true')) &&
    (minMs === undefined || call.durationMs >= minMs) &&
    (trace === undefined || call.trace === trace) &&
    (requestId === undefined || call.requestId === requestId)
  );
}

/** The lowest and highest status that a condition selects. */
export function statusRange(written: string): [least: number, most: number] {
  if (written === 'failed') return [400, 999];
  if (!written.endsWith('xx')) return [Number(written), Number(written)];
  const least = Number(written.slice(0, 1)) * 100;
  return [least, least + 99];
}

function matchesStatus(status: number, written: string): boolean {
  const [least, most] = statusRange(written);
  return status >= least && status <= most;
}
