import type { Answer } from '../rpc/answer.ts';
import { explainContent } from './explain-content.ts';
import { explainNetworkError, listCauses } from './explain-network.ts';
import { explainRefusal } from './explain-refusal.ts';
import { explainStatus } from './explain-status.ts';
import { createFailure, nameStep, type Failure, type FailureContext } from './failure.ts';
import { quoteForeign } from './redact.ts';

const MAX_QUOTED = 120;

/** The message of the server itself, as ": …"; empty if it sent no readable one. */
function quoteServer({ evidence, reply }: Answer, secrets: readonly string[]): string {
  const start = evidence?.start ?? '';
  const isText = /json|text\/plain|event-stream/i.test(evidence?.contentType ?? '');
  const message = typeof reply?.error?.message === 'string' ? reply.error.message : isText ? readMessage(start) : '';
  const quoted = quoteForeign(message, MAX_QUOTED, secrets);
  return quoted === '' ? '' : `: ${quoted}`;
}

/** The message inside an error body, JSON-RPC or not. */
function readMessage(start: string): string {
  const found = /"(?:message|detail|error_description|error)"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(start);
  if (found?.[1] !== undefined) return found[1];
  return /^\s*[{[]|^(event|data|id|retry|):/.test(start) ? '' : start;
}

const TOO_LARGE = createFailure(
  80,
  'Its response exceeds the size limit of a check',
  'Make it list fewer or smaller tools, page by page.',
  { final: true },
);

function explain(answer: Answer, context: FailureContext): Failure {
  const { evidence } = answer;
  if (evidence === null || evidence.status === null) {
    const cause = listCauses(evidence?.error ?? answer.error).at(-1)?.message ?? '';
    const why = cause === '' ? '' : `: ${quoteForeign(cause, MAX_QUOTED, context.secrets)}`;
    return createFailure(
      50,
      `It could not be reached${why}`,
      'Check the address and any proxy in front of the server.',
      {
        final: true,
      },
    );
  }
  if (evidence.tooLarge || isTooLarge(answer.error)) return TOO_LARGE;
  const quoted = quoteServer(answer, context.secrets);
  const refusal = explainRefusal({ ...answer, quoted });
  if (refusal !== null) return refusal;
  return evidence.status >= 300
    ? explainStatus(evidence, { ...answer, quoted }, context)
    : explainContent(evidence, { ...answer, quoted }, context);
}

function isTooLarge(error: unknown): boolean {
  return listCauses(error).some(({ name }) => name === 'ReplyTooLarge');
}

/** Explains why a probe cannot continue with an answer: cause, step, address and remedy, without any secret. */
export function explainFailure(answer: Answer, context: FailureContext): Failure {
  const { step, url, timeoutMs, evidence, error } = answer;
  const request = { step, url, registered: context.registered, timeoutMs };
  const network =
    evidence?.tooLarge === true || isTooLarge(error) ? null : explainNetworkError(evidence?.error ?? error, request);
  return network ?? nameStep(explain(answer, context), request);
}
