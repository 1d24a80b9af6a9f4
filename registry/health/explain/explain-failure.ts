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

function make(rank: number, problem: string, remedy: string, more: Partial<Failure> = {}): Failure {
  return { observed: 'unhealthy', rank, problem, remedy, final: false, ...more };
}

function explainForbidden(seen: Evidence, said: string, context: FailureContext): Failure {
  if (ABOUT_HOST.test(seen.start) && !/bearer/i.test(seen.wwwAuthenticate)) {
    const sent = context.hostMode === 'upstream' ? new URL(seen.url).host : "the gateway's public name";
    const other =
      context.hostMode === 'upstream'
        ? `Register the very name and port that it allows (for example localhost instead of 127.0.0.1), set hostMode to "public", or add ${sent} to its allowed hosts.`
        : 'Set hostMode to "upstream", or add the public name of the gateway to its allowed hosts.';
    return make(88, `it rejects the Host header ${sent} (HTTP ${seen.status}${said})`, other, { final: true });
  }
  return make(
    90,
    `it refuses the gateway (HTTP ${seen.status}${said})`,
    context.hasCredentials
      ? 'Its own credential was sent and is not enough: check the value and the rights of what is set in "headers".'
      : 'The server needs its own credential: set headers.Authorization (or the header that it asks for).',
    { observed: 'auth_required', final: true },
  );
}

function explainStatus(seen: Evidence, said: string, context: FailureContext): Failure {
  const status = seen.status ?? 0;
  switch (status) {
    case 401:
      return make(
        90,
        `it asks for a credential (HTTP 401${said})`,
        context.hasCredentials
          ? 'The credential that is set in "headers" was not accepted: replace it.'
          : 'The server needs its own credential: set headers.Authorization (for example "Bearer …").',
        { observed: 'auth_required', final: true },
      );
    case 403:
    case 421:
      return explainForbidden(seen, said, context);
    case 404:
    case 410:
      return make(
        10,
        `there is no MCP endpoint at ${seen.url} (HTTP ${status})`,
        'Register the full address of its MCP endpoint, for example http://host:port/mcp.',
      );
    case 405:
      return make(
        35,
        `${seen.url} does not accept ${seen.method} (HTTP 405)`,
        'Register the full address of its MCP endpoint; for a legacy server, the one that ends in /sse.',
      );
    case 406:
    case 415:
      return make(
        60,
        `${seen.url} refuses MCP messages (HTTP ${status}${said})`,
        'This address does not speak Streamable HTTP; register the full address of its MCP endpoint.',
      );
    case 429:
      return make(
        75,
        `it limits requests and refused the check (HTTP 429)`,
        'Raise its limit for the gateway, or check less often (HEALTH_CRON).',
        { observed: 'degraded', final: true },
      );
    default:
  }
  if (seen.location !== null) {
    const target = new URL(seen.location);
    return make(
      55,
      `${seen.url} redirects to ${target.origin + target.pathname} (HTTP ${status})`,
      'Register that address itself: the gateway follows no redirect to another host.',
    );
  }
  if (status >= 500)
    return make(
      70,
      `it fails with HTTP ${status}${said}`,
      'Look at the log of the server; the gateway itself reached it.',
      { final: status !== 501 },
    );
  return make(
    60,
    `${seen.url} refuses MCP messages (HTTP ${status}${said})`,
    'Check that this address is an MCP endpoint, and what the log of the server says.',
  );
}

function explainContent(seen: Evidence, error: unknown, said: string): Failure {
  const start = seen.start.trimStart();
  const message = error instanceof Error ? `${error.name} ${error.message}` : '';
  if (seen.tooLarge)
    return make(80, `its reply is larger than a check reads`, 'Make it offer fewer or smaller tools, page by page.', {
      final: true,
    });
  if (/protocol version/i.test(message) || /-32022/.test(seen.start))
    return make(
      80,
      `it speaks no protocol version that the gateway knows${said}`,
      'Update the server to a published MCP revision (2024-11-05 to 2026-07-28).',
      { final: true },
    );
  if (/html/i.test(seen.contentType) || /^<(!doctype|html|\?xml)/i.test(start))
    return make(
      40,
      `${seen.url} answers with a web page, not MCP`,
      'Register the full address of its MCP endpoint, for example http://host:port/mcp.',
    );
  if (/"jsonrpc"/.test(start) && /"error"/.test(start))
    return make(65, `it answers with an MCP error${said}`, 'Look at the log of the server.');
  if (/json/i.test(seen.contentType))
    return make(
      45,
      `${seen.url} answers with JSON that is not MCP`,
      'Register the full address of its MCP endpoint, for example http://host:port/mcp.',
    );
  if (/event-stream/i.test(seen.contentType) && start === '')
    return make(66, `${seen.url} ended its reply without an answer`, 'Look at the log of the server.');
  return make(
    42,
    `${seen.url} does not answer with MCP (${quoteForeign(seen.contentType.split(';')[0] ?? '', 60) || 'no content type'})`,
    'Register the full address of its MCP endpoint, for example http://host:port/mcp.',
  );
}

/** Explains, in words with cause and remedy and without any secret, why an endpoint did not pass. */
export function explainFailure(seen: Evidence | null, error: unknown, where: string, context: FailureContext): Failure {
  const network = explainNetworkError(seen?.error ?? error, seen?.url ?? where, context.timeoutMs);
  if (network !== null) return network;
  if (seen === null || seen.status === null) {
    const cause = listCauses(seen?.error ?? error).at(-1)?.message ?? '';
    const why = cause === '' ? '' : `: ${quoteForeign(cause, 120, context.secrets)}`;
    return make(50, `${where} could not be asked${why}`, 'Check that address and what stands before the server.', {
      final: true,
    });
  }
  const words = /json|text\/plain/i.test(seen.contentType) ? readMessage(seen.start) : '';
  const said = words === '' ? '' : `: ${quoteForeign(words, 120, context.secrets)}`;
  if (seen.status >= 300) return explainStatus(seen, said, context);
  return explainContent(seen, error, said);
}

/** The message inside an error body, JSON-RPC or not. */
function readMessage(start: string): string {
  const found = /"(?:message|detail|error_description|error)"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(start);
  if (found?.[1] !== undefined) return found[1];
  return start.trimStart().startsWith('{') ? '' : start;
}
