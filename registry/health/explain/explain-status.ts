import type { Evidence } from '../transport/recording-fetch.ts';
import { explainRedirect } from './explain-redirect.ts';
import { createFailure, NO_ENDPOINT_RANK, type Failure, type FailureContext, type QuotedAnswer } from './failure.ts';

const ABOUT_HOST = /\bhost\b|\borigin\b|rebinding|only allowed at|misdirected/i;

function explainForbidden(evidence: Evidence, quoted: string, context: FailureContext): Failure {
  if (ABOUT_HOST.test(evidence.start) && !/bearer/i.test(evidence.wwwAuthenticate)) {
    const sent = context.hostMode === 'upstream' ? new URL(evidence.url).host : "the gateway's public name";
    const other =
      context.hostMode === 'upstream'
        ? `Register the name and port that it allows (for example localhost instead of 127.0.0.1), set hostMode to "public", or add ${sent} to its allowed hosts.`
        : 'Set hostMode to "upstream", or add the public name of the gateway to its allowed hosts.';
    return createFailure(88, `It rejects the Host header ${sent} (HTTP ${evidence.status}${quoted})`, other, {
      final: true,
    });
  }
  return createFailure(
    90,
    `It rejects the gateway (HTTP ${evidence.status}${quoted})`,
    context.hasCredentials
      ? 'Its credential was sent and is not sufficient: check the value and permissions of what is set in "headers".'
      : 'The server needs its own credential: set headers.Authorization (or the header that it requires).',
    { health: 'auth_required', final: true },
  );
}

function explainNotFound(evidence: Evidence, { endpoint, quoted }: QuotedAnswer): Failure {
  if (endpoint === null || evidence.method === 'GET')
    return createFailure(
      NO_ENDPOINT_RANK,
      `There is no MCP endpoint (HTTP ${evidence.status})`,
      'Check at which path the server has its MCP endpoint, and register that full address.',
    );
  return createFailure(
    64,
    `Its endpoint event names ${endpoint}, and there is nothing at that path of the registered origin (HTTP ${evidence.status}${quoted})`,
    'Make the server write the path at which it accepts messages, as the gateway reaches it (a root path or base URL setting of the server).',
  );
}

/** Explains a response with a status of 300 or above. */
export function explainStatus(evidence: Evidence, answer: QuotedAnswer, context: FailureContext): Failure {
  const { quoted } = answer;
  const status = evidence.status ?? 0;
  switch (status) {
    case 401:
      return createFailure(
        90,
        `It requires a credential (HTTP 401${quoted})`,
        context.hasCredentials
          ? 'The credential that is set in "headers" was not accepted: replace it.'
          : 'The server needs its own credential: set headers.Authorization (for example "Bearer …").',
        { health: 'auth_required', final: true },
      );
    case 403:
    case 421:
      return explainForbidden(evidence, quoted, context);
    case 404:
    case 410:
      return explainNotFound(evidence, answer);
    case 405:
      return createFailure(
        35,
        `It does not accept ${evidence.method} (HTTP 405)`,
        'Check at which path the server has its MCP endpoint, and register that full address; for a legacy server, the one of its event stream.',
      );
    case 406:
    case 415:
      return createFailure(
        60,
        `It rejects MCP messages (HTTP ${status}${quoted})`,
        'Check that this is the MCP endpoint: a Streamable HTTP endpoint accepts application/json and answers with application/json or text/event-stream.',
      );
    case 429:
      return createFailure(
        75,
        `It limits requests and rejected the check (HTTP 429${quoted})`,
        'Raise its limit for the gateway, or check less often (HEALTH_CRON).',
        { health: 'degraded', final: true },
      );
    default:
  }
  if (status < 400) return explainRedirect(evidence, context);
  if (status >= 500)
    return createFailure(
      70,
      `It fails with HTTP ${status}${quoted}`,
      'Check the log of the server; the gateway itself reached it.',
    );
  return createFailure(
    60,
    `It rejects MCP messages (HTTP ${status}${quoted})`,
    'Check that this address is an MCP endpoint, and check the log of the server.',
  );
}
