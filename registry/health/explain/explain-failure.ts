import type { HostMode } from '../../contract/index.ts';
import type { Evidence } from '../transport/recording-fetch.ts';
import type { Failure } from './failure.ts';
import { explainNetworkError, listCauses } from './explain-network.ts';
import { quoteForeign } from './redact.ts';

export interface FailureContext {
  hostMode: HostMode;
  /** The server is called with credentials of its own. */
  hasCredentials: boolean;
  timeoutMs: number;
  /** Values that must not appear in any text. */
  secrets: readonly string[];
}

const ABOUT_HOST = /\bhost\b|\borigin\b|rebinding|only allowed at|misdirected/i;

function createFailure(rank: number, problem: string, remedy: string, more: Partial<Failure> = {}): Failure {
  return { health: 'unhealthy', rank, problem, remedy, final: false, ...more };
}

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

function explainStatus(evidence: Evidence, quoted: string, context: FailureContext): Failure {
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
      return createFailure(
        10,
        `There is no MCP endpoint at ${evidence.url} (HTTP ${status})`,
        'Register the full address of its MCP endpoint, for example http://host:port/mcp.',
      );
    case 405:
      return createFailure(
        35,
        `${evidence.url} does not accept ${evidence.method} (HTTP 405)`,
        'Register the full address of its MCP endpoint; for a legacy server, the one that ends in /sse.',
      );
    case 406:
    case 415:
      return createFailure(
        60,
        `${evidence.url} rejects MCP messages (HTTP ${status}${quoted})`,
        'This address does not support Streamable HTTP; register the full address of its MCP endpoint.',
      );
    case 429:
      return createFailure(
        75,
        `It limits requests and rejected the check (HTTP 429)`,
        'Raise its limit for the gateway, or check less often (HEALTH_CRON).',
        { health: 'degraded', final: true },
      );
    default:
  }
  if (evidence.location !== null) {
    const target = new URL(evidence.location);
    return createFailure(
      55,
      `${evidence.url} redirects to ${target.origin + target.pathname} (HTTP ${status})`,
      'Register that address itself: the gateway follows no redirect to another host.',
    );
  }
  if (status >= 500)
    return createFailure(
      70,
      `It fails with HTTP ${status}${quoted}`,
      'Check the log of the server; the gateway itself reached it.',
      { final: status !== 501 },
    );
  return createFailure(
    60,
    `${evidence.url} rejects MCP messages (HTTP ${status}${quoted})`,
    'Check that this address is an MCP endpoint, and check the log of the server.',
  );
}

function explainContent(evidence: Evidence, error: unknown, quoted: string): Failure {
  const start = evidence.start.trimStart();
  const message = error instanceof Error ? `${error.name} ${error.message}` : '';
  if (evidence.tooLarge)
    return createFailure(
      80,
      `Its response is larger than a check reads`,
      'Make it list fewer or smaller tools, page by page.',
      {
        final: true,
      },
    );
  if (/protocol version/i.test(message) || /-32022/.test(evidence.start))
    return createFailure(
      80,
      `It supports no protocol version that the gateway knows${quoted}`,
      'Update the server to a published MCP revision (2024-11-05 to 2026-07-28).',
      { final: true },
    );
  if (/html/i.test(evidence.contentType) || /^<(!doctype|html|\?xml)/i.test(start))
    return createFailure(
      40,
      `${evidence.url} responds with a web page, not MCP`,
      'Register the full address of its MCP endpoint, for example http://host:port/mcp.',
    );
  if (/"jsonrpc"/.test(start) && /"error"/.test(start))
    return createFailure(65, `It responds with an MCP error${quoted}`, 'Check the log of the server.');
  if (/json/i.test(evidence.contentType))
    return createFailure(
      45,
      `${evidence.url} responds with JSON that is not MCP`,
      'Register the full address of its MCP endpoint, for example http://host:port/mcp.',
    );
  if (/event-stream/i.test(evidence.contentType) && start === '')
    return createFailure(66, `${evidence.url} ended its response without an answer`, 'Check the log of the server.');
  return createFailure(
    42,
    `${evidence.url} does not respond with MCP (${quoteForeign(evidence.contentType.split(';')[0] ?? '', 60) || 'no content type'})`,
    'Register the full address of its MCP endpoint, for example http://host:port/mcp.',
  );
}

/** Explains why an endpoint did not pass: cause and remedy, without any secret. */
export function explainFailure(
  evidence: Evidence | null,
  error: unknown,
  where: string,
  context: FailureContext,
): Failure {
  const network = explainNetworkError(evidence?.error ?? error, evidence?.url ?? where, context.timeoutMs);
  if (network !== null) return network;
  if (evidence === null || evidence.status === null) {
    const cause = listCauses(evidence?.error ?? error).at(-1)?.message ?? '';
    const why = cause === '' ? '' : `: ${quoteForeign(cause, 120, context.secrets)}`;
    return createFailure(
      50,
      `${where} could not be reached${why}`,
      'Check that address and any proxy in front of the server.',
      {
        final: true,
      },
    );
  }
  const message = /json|text\/plain/i.test(evidence.contentType) ? readMessage(evidence.start) : '';
  const quoted = message === '' ? '' : `: ${quoteForeign(message, 120, context.secrets)}`;
  if (evidence.status >= 300) return explainStatus(evidence, quoted, context);
  return explainContent(evidence, error, quoted);
}

/** The message inside an error body, JSON-RPC or not. */
function readMessage(start: string): string {
  const found = /"(?:message|detail|error_description|error)"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(start);
  if (found?.[1] !== undefined) return found[1];
  return start.trimStart().startsWith('{') ? '' : start;
}
