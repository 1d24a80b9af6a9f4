import { MODERN_VERSION } from '../../contract/index.ts';
import { UNSUPPORTED_VERSION } from '../rpc/dialect.ts';
import { createFailure, type Failure, type QuotedAnswer } from './failure.ts';
import { quoteForeign } from './redact.ts';

function explainVersion(quoted: string): Failure {
  return createFailure(
    80,
    `It supports no protocol version that the gateway knows${quoted}`,
    `Update the server to a published MCP revision (2024-11-05 to ${MODERN_VERSION}).`,
    { final: true },
  );
}

function explainOneSession(quoted: string): Failure {
  return createFailure(
    85,
    `It has one session for its whole process, and that one was opened before, by a client or an earlier check${quoted}`,
    'Restart the server to free it; to serve several agents, make it create a transport for each session, or none (stateless).',
    { health: 'degraded', final: true },
  );
}

/** Explains refusals by the MCP SDKs, regardless of the HTTP status; null for any other answer. */
export function explainRefusal({ step, reply, quoted }: QuotedAnswer): Failure | null {
  if (/already (initiali[sz]ed|connected)|(only|single) (one )?(session|client|connection)/i.test(quoted))
    return explainOneSession(quoted);
  const version = step === 'initialize' ? reply?.result?.['protocolVersion'] : undefined;
  if (typeof version === 'string') return explainVersion(`: ${quoteForeign(version, 40)}`);
  return reply?.error?.code === UNSUPPORTED_VERSION || /protocol version/i.test(quoted) ? explainVersion(quoted) : null;
}
