import { parentPort, workerData } from 'node:worker_threads';
import { describeError } from '../../lib/errors.ts';
import { openCallStore } from '../../store/index.ts';
import { Tail } from '../tail/tail.ts';
import { createCallSink } from './call-sink.ts';
import type { CallAnswer, CallCommand, CallRequest, CallWorkerData } from './messages.ts';

// A separate thread: storing and searching millions of calls would block the registry's event loop.

const PRUNE_ROWS = 10_000;
const PRUNE_PAUSE_MS = 60_000;

const port = parentPort;
if (port === null) throw new Error('the call store runs as a worker thread only');
const { file, logDir, pollMs, maxAgeMs, maxBytes } = workerData as CallWorkerData;
const send = (answer: CallAnswer) => port.postMessage(answer);
const warn = (warning: string, error: unknown) => send({ warning, error: describeError(error) });

const store = openCallStore(file, (name, error) => {
  warn(`the stored calls were damaged and were moved to ${name}; a new file was created`, error);
});
let isFollowed = false;
let isClosing = false;
const sink = createCallSink(store, (lines, calls) => {
  if (isFollowed && lines > 0) send({ lines, calls });
});
const tail = new Tail(logDir, sink);
let prunedMs = -Infinity;
let reading: Promise<void> = Promise.resolve();

async function readBatches(): Promise<void> {
  while (!isClosing) {
    const read = await tail.step();
    if (read === null || read.isAll) return;
    // Searches run between batches.
    await new Promise(setImmediate);
  }
}

async function prune(): Promise<void> {
  if (performance.now() - prunedMs < PRUNE_PAUSE_MS) return;
  prunedMs = performance.now();
  while (!isClosing && store.prune({ beforeMs: Date.now() - maxAgeMs, maxBytes, maxRows: PRUNE_ROWS }) > 0)
    await new Promise(setImmediate);
}

/** Reads and prunes, one run at a time. */
function readAll(): Promise<void> {
  const run = reading.then(readBatches).then(prune);
  reading = run.catch(() => undefined);
  return run;
}

async function poll(): Promise<void> {
  await readAll().catch((error: unknown) => warn('calls.log could not be stored; trying again', error));
  if (!isClosing) setTimeout(() => void poll(), pollMs);
}

async function answer(request: CallRequest): Promise<void> {
  try {
    if (request.request === 'search') send({ id: request.id, found: store.search(request.search) });
    else if (request.request === 'sum') send({ id: request.id, summed: store.sum(request.query) });
    else {
      await readAll();
      send({ id: request.id, read: true });
    }
  } catch (error) {
    send({ id: request.id, error: describeError(error) });
  }
}

port.on('message', (message: CallRequest | CallCommand) => {
  if ('request' in message) void answer(message);
  else if (message.command === 'follow') isFollowed = message.isWanted;
  else {
    isClosing = true;
    void reading.then(() => {
      store.close();
      port.close();
      process.exit();
    });
  }
});
void poll();
