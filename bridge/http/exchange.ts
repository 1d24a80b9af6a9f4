import { randomBytes } from 'node:crypto';
import { CLIENT_CAPABILITIES_META_KEY } from '@modelcontextprotocol/server';
import type { Caller } from '../connection/caller.ts';
import type { Connection } from '../connection/create-connection.ts';
import {
  isRequest,
  type NotificationMessage,
  type Outcome,
  type Params,
  type RequestMessage,
} from '../connection/message.ts';

/** Methods of requests to a client ("questions"), each with the capability that a client needs to answer it. */
const CAPABILITIES: Record<string, string> = {
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
  'roots/list': 'roots',
};
/** Requests whose result may request input (specification 2026-07-28, multi round-trip requests). */
export const MAY_REQUEST_INPUT = ['tools/call', 'prompts/get', 'resources/read'];
const MISSING_CAPABILITY = -32_021;

/** The result of a step: the outcome of the request, or questions of the program that the client must answer first. */
export type Step = { outcome: Outcome } | { questions: Record<string, { method: string; params: Params }> };

/**
 * One request of the modern protocol to a program that still sends requests to its client. These questions are returned to the client
 * (`input_required`), the program waits, and the client's next request has the answers (specification 2026-07-28, multi round-trip requests).
 */
export interface Exchange {
  /** Identifies it; known to its client only. */
  state: string;
  owner: string;
  /** The outcome, or the questions received so far. `notify` receives notifications of the request meanwhile. */
  next: (notify: (message: NotificationMessage) => void) => Promise<Step>;
  /** The client's answers, by the key of the question. */
  answer: (responses: Record<string, unknown>) => void;
  cancel: (reason: string) => void;
}

interface ExchangeOptions {
  owner: string;
  authorization: string | undefined;
  /** The `_meta` of the client's request. */
  envelope: Params;
  connection: Connection;
  request: RequestMessage;
}

const hasFailed = (outcome: Outcome): boolean => 'error' in outcome || outcome.result['isError'] === true;

/** Sends a request to a program. */
export function startExchange({ owner, authorization, envelope, connection, request }: ExchangeOptions): Exchange {
  const declared = (envelope[CLIENT_CAPABILITIES_META_KEY] ?? {}) as Params;
  /** Capabilities that the program would have used and the client has not declared. */
  const missing: Params = {};
  const questions = new Map<string, RequestMessage>();
  let notify: (message: NotificationMessage) => void = () => undefined;
  let wake: () => void = () => undefined;

  const caller: Caller = {
    authorization,
    envelope,
    deliver(message) {
      if (!isRequest(message)) {
        if (message.method === 'notifications/cancelled') questions.delete(keyOf(message.params?.['requestId']));
        else notify(message);
        return;
      }
      const capability = MAY_REQUEST_INPUT.includes(request.method) ? CAPABILITIES[message.method] : undefined;
      if (capability !== undefined && capability in declared) {
        questions.set(keyOf(message.id), message);
        wake();
        return;
      }
      if (capability !== undefined) missing[capability] = {};
      const error = { code: -32_601, message: `the client cannot answer ${message.method}` };
      connection.respond(caller, { jsonrpc: '2.0', id: message.id, error });
    },
  };
  connection.attach(caller);

  /** A program may succeed without a missing capability; if it fails, the error names the missing ones. */
  async function run(): Promise<Outcome> {
    const ended = await connection.request(caller, request).finally(() => connection.detach(caller));
    const names = Object.keys(missing);
    if (names.length === 0 || !hasFailed(ended)) return ended;
    const message = `the client has not declared a capability that this needs: ${names.join(', ')}`;
    return { error: { code: MISSING_CAPABILITY, message, data: { requiredCapabilities: missing } } };
  }
  const outcome = run();

  return {
    state: randomBytes(24).toString('base64url'),
    owner,
    async next(given) {
      notify = given;
      const hasQuestions = new Promise<void>((resolve) => {
        wake = resolve;
        if (questions.size > 0) resolve();
      });
      const step = await Promise.race([outcome, hasQuestions]);
      if (step !== undefined) return { outcome: step };
      const open = [...questions].map(([key, { method, params = {} }]) => [key, { method, params }] as const);
      return { questions: Object.fromEntries(open) };
    },
    answer(responses) {
      for (const [key, message] of questions) {
        const response = responses[key];
        if (typeof response !== 'object' || response === null) continue;
        questions.delete(key);
        connection.respond(caller, { jsonrpc: '2.0', id: message.id, result: response as Params });
      }
    },
    cancel: (reason) => connection.cancel(caller, { requestId: request.id, reason }),
  };
}

function keyOf(id: unknown): string {
  return `input-${String(id)}`;
}
