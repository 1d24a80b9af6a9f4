import { Worker } from 'node:worker_threads';
import type { CallView } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { CallSearch, CallSumQuery, CallSums, FoundCalls } from '../../store/index.ts';
import type { CallAnswer, CallCommand, CallRequest, CallWorkerData } from './messages.ts';

/** Called with the number of calls that were just stored and the latest of them, oldest first. */
export type CallListener = (lines: number, calls: readonly CallView[]) => void;

/** The single calls: stored and searched by a worker thread. */
export interface Calls {
  /** Starts storing the calls in calls.log and all new ones. */
  start(): void;
  /** Throws RegistryError `unavailable` when calls are not stored or the worker is restarting. */
  search(search: CallSearch): Promise<FoundCalls>;
  /** Sums up what agents did. Throws like `search`. */
  sum(query: CallSumQuery): Promise<CallSums>;
  /** Stores all that is in the log now. */
  readAll(): Promise<void>;
  /** Calls `listener` as calls are stored, until the returned function is called. */
  follow(listener: CallListener): () => void;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

/** The compiled worker is a `.js` file beside the built program; when run from source, it is the `.ts` file. */
const WORKER_URL = import.meta.url.endsWith('.ts')
  ? new URL('./call-worker.ts', import.meta.url)
  : new URL('./call-worker.js', import.meta.url);

interface Waiting {
  resolve: (answer: CallAnswer) => void;
  reject: (error: Error) => void;
}

const unavailable = (detail: string, cause?: unknown) =>
  new RegistryError('unavailable', detail, { cause, hint: 'Try again in a few seconds.', retryAfterS: 3 });

/** Creates the store of single calls; its worker is restarted with backoff when it ends. */
export function createCalls(data: CallWorkerData, log: Pick<Log, 'warn'>): Calls {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<CallListener>();
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let nextId = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let isClosing = false;

  function handle(message: CallAnswer): void {
    pauseMs = FIRST_PAUSE_MS;
    if ('calls' in message) for (const listener of listeners) listener(message.lines, message.calls);
    else if ('warning' in message) log.warn({ error: message.error, file: data.file }, message.warning);
    else {
      waiting.get(message.id)?.resolve(message);
      waiting.delete(message.id);
    }
  }

  function spawn(): void {
    worker = new Worker(WORKER_URL, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: 128 } });
    let cause: unknown;
    worker.on('message', handle);
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => {
      worker = undefined;
      for (const { reject } of waiting.values()) reject(unavailable('the call store is restarting', cause));
      waiting.clear();
      if (isClosing) return;
      log.warn({ err: cause, file: data.file, retryMs: pauseMs }, 'the call store ended; restarting it');
      timer = setTimeout(spawn, pauseMs);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    });
    worker.unref();
    post({ command: 'follow', isWanted: listeners.size > 0 });
  }

  function post(command: CallCommand): void {
    worker?.postMessage(command);
  }

  function request(
    wanted:
      | Omit<CallRequest & { request: 'search' }, 'id'>
      | Omit<CallRequest & { request: 'sum' }, 'id'>
      | { request: 'readAll' },
  ): Promise<CallAnswer> {
    if (worker === undefined) return Promise.reject(unavailable('the call store is not running'));
    const id = (nextId += 1);
    const answered = new Promise<CallAnswer>((resolve, reject) => waiting.set(id, { resolve, reject }));
    worker.postMessage({ id, ...wanted });
    return answered;
  }

  return {
    start: spawn,
    async search(search) {
      const answer = await request({ request: 'search', search });
      if ('found' in answer) return answer.found;
      throw unavailable(`the calls could not be searched (${'error' in answer ? answer.error : 'no answer'})`);
    },
    async sum(query) {
      const answer = await request({ request: 'sum', query });
      if ('summed' in answer) return answer.summed;
      throw unavailable(`the calls could not be summed up (${'error' in answer ? answer.error : 'no answer'})`);
    },
    async readAll() {
      const answer = await request({ request: 'readAll' });
      if ('error' in answer) throw unavailable(`calls.log could not be stored (${answer.error})`);
    },
    follow(listener) {
      listeners.add(listener);
      if (listeners.size === 1) post({ command: 'follow', isWanted: true });
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) post({ command: 'follow', isWanted: false });
      };
    },
    async close() {
      isClosing = true;
      clearTimeout(timer);
      const ending = worker;
      if (ending === undefined) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      post({ command: 'close' });
      await ended;
    },
  };
}
