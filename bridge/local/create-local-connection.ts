import type { BridgeError } from '../bridge-error.ts';
import type { Caller } from '../connection/caller.ts';
import type { Connection } from '../connection/create-connection.ts';
import type { Id, Outcome, Params, RequestMessage } from '../connection/message.ts';
import { toRpcError } from '../connection/rpc-error.ts';
import type { Peer } from './peer.ts';

interface Running {
  caller: Caller;
  id: Id;
  abort: AbortController;
}

interface Question {
  caller: Caller;
  answer: (outcome: Outcome) => void;
}

export interface LocalConnection extends Connection {
  /** Sends a notification that belongs to no request to every caller. */
  broadcast: (method: string, params?: Params) => void;
}

const CANCELLED = { error: { code: -32_800, message: 'the request was cancelled' } };

/** The connection to a server inside the bridge. It assigns each question and notification to its request. */
export function createLocalConnection(peer: Peer): LocalConnection {
  const running = new Set<Running>();
  const callers = new Set<Caller>();
  const questions = new Map<Id, Question>();
  let lastQuestion = 0;
  let ended: BridgeError | undefined;

  function requestClient(
    caller: Caller,
    relatedTo: Id,
    signal: AbortSignal,
    method: string,
    params: Params,
  ): Promise<Outcome> {
    lastQuestion += 1;
    const id = `question-${lastQuestion}`;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const answer = (outcome: Outcome) => {
      questions.delete(id);
      resolve(outcome);
    };
    questions.set(id, { caller, answer });
    signal.addEventListener('abort', () => answer(CANCELLED), { once: true });
    caller.deliver({ jsonrpc: '2.0', id, method, params }, relatedTo);
    return promise;
  }

  async function request(caller: Caller, message: RequestMessage): Promise<Outcome> {
    if (ended !== undefined) return { error: toRpcError(ended) };
    const { id } = message;
    const abort = new AbortController();
    const { signal } = abort;
    const one: Running = { caller, id, abort };
    const { progressToken } = (message.params?.['_meta'] ?? {}) as { progressToken?: Id };
    const notify = (method: string, params: Params) => caller.deliver({ jsonrpc: '2.0', method, params }, id);
    running.add(one);
    const gaveUp = new Promise<Outcome>((resolve) => {
      signal.addEventListener('abort', () => resolve((signal.reason as Outcome | undefined) ?? CANCELLED), {
        once: true,
      });
    });
    const outcome = peer
      .request(message, {
        authorization: caller.authorization,
        envelope: caller.envelope,
        signal,
        wantsProgress: progressToken !== undefined,
        progress: (params) => notify('notifications/progress', { ...params, progressToken }),
        notify,
        requestClient: (method, params) => requestClient(caller, id, signal, method, params),
      })
      .catch((error: unknown): Outcome => ({ error: { code: -32_603, message: (error as Error).message } }));
    return Promise.race([outcome, gaveUp]).finally(() => running.delete(one));
  }

  function giveUp(which: (one: Running) => boolean, outcome: Outcome): void {
    for (const one of [...running]) if (which(one)) one.abort.abort(outcome);
  }

  return {
    request,
    notify: (method, params = {}) => peer.notify(method, params),
    cancel: (caller, params) => giveUp((one) => one.caller === caller && one.id === params['requestId'], CANCELLED),
    respond(caller, response) {
      const question = questions.get(response.id);
      if (question?.caller !== caller) return;
      question.answer('result' in response ? { result: response.result } : { error: response.error });
    },
    // There are no pipes here.
    receive: () => undefined,
    attach: (caller) => void callers.add(caller),
    detach(caller) {
      callers.delete(caller);
      giveUp((one) => one.caller === caller, CANCELLED);
    },
    count: () => running.size,
    end(error) {
      ended = error;
      giveUp(() => true, { error: toRpcError(error) });
      callers.clear();
    },
    broadcast(method, params) {
      for (const caller of callers)
        caller.deliver({ jsonrpc: '2.0', method, ...(params !== undefined && { params }) }, undefined);
    },
  };
}
