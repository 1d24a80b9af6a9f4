import type { Evidence } from '../transport/recording-fetch.ts';
import { explainSignIn } from './explain-redirect.ts';
import { createFailure, type Failure, type FailureContext, type QuotedAnswer } from './failure.ts';
import { quoteForeign } from './redact.ts';

const FULL_ADDRESS = 'Check at which path the server has its MCP endpoint, and register that full address.';
const CHECK_LOG = 'Check the log of the server for this request.';

/** Explains a JSON-RPC reply that is an error, or a result without the required fields. */
function explainReply({ step, reply, quoted }: QuotedAnswer): Failure {
  if (reply?.error === undefined) {
    const required = step === 'tools/list' ? 'tools' : 'protocolVersion, capabilities and serverInfo';
    return createFailure(67, `Its result of ${step} lacks ${required}`, `Make the server send ${required}.`);
  }
  const { code } = reply.error;
  return createFailure(68, `It answers with an error${quoted} (${quoteForeign(String(code), 20)})`, CHECK_LOG);
}

function explainStream({ step, events, endpoint }: QuotedAnswer, context: FailureContext): Failure {
  if (step !== 'the event stream')
    return events.length === 0
      ? createFailure(66, 'It ended its event stream without an answer', CHECK_LOG)
      : createFailure(66, `It sent events (${listEvents(events, context)}) and no answer`, CHECK_LOG);
  if (endpoint !== null)
    return createFailure(
      64,
      `Its endpoint event names ${JSON.stringify(quoteForeign(endpoint, 80, context.secrets))}, which is not a valid address`,
      'Make the server write a path or URL without spaces, quotes and characters beyond ASCII.',
    );
  return createFailure(
    62,
    events.length === 0
      ? 'Its event stream ended without an endpoint event'
      : `Its event stream begins with ${listEvents(events, context)} and has no endpoint event`,
    'Check that this is the event stream of the legacy SSE transport; for Streamable HTTP, register the address that accepts POST.',
  );
}

function listEvents(events: readonly string[], { secrets }: FailureContext): string {
  return events.map((event) => quoteForeign(event, 20, secrets)).join(', ');
}

/** Explains a response with a status below 300 that does not answer the request. */
export function explainContent(evidence: Evidence, answer: QuotedAnswer, context: FailureContext): Failure {
  const { otherId, reply } = answer;
  const type = quoteForeign(evidence.contentType.split(';')[0] ?? '', 60);
  const start = evidence.start.trimStart();
  if (otherId !== null && reply === null)
    return createFailure(
      69,
      `Its answer has the id ${quoteForeign(otherId, 80, context.secrets)}, which is not that of the request`,
      'Make the server answer with the id of the request, a number as a number; otherwise clients wait forever.',
    );
  if (reply !== null) return explainReply(answer);
  if (/event-stream/i.test(type)) return explainStream(answer, context);
  if (/html/i.test(type) || /^<(!doctype|html|\?xml)/i.test(start)) {
    if (/type=["']?password/i.test(start)) return explainSignIn('a web page with a password field', context);
    return createFailure(40, 'It responds with a web page, not MCP', FULL_ADDRESS);
  }
  if (evidence.status !== 200 || start === '')
    return createFailure(
      43,
      `It accepted the request and sent no answer (HTTP ${evidence.status})`,
      'The answer must be JSON or an event stream. Check that this is the MCP endpoint, and check the log of the server.',
    );
  if (/json/i.test(type)) return createFailure(45, 'It responds with JSON that is not MCP', FULL_ADDRESS);
  return createFailure(42, `It does not respond with MCP (${type || 'no content type'})`, FULL_ADDRESS);
}
