import { open, readFile, rename, stat } from 'node:fs/promises';
import { write } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Log } from '../../lib/log.ts';
import { describeError } from '../../lib/errors.ts';
import { replaceFile } from '../../lib/replace-file.ts';
import { readTailState, writeTailState } from '../tail/tail-state.ts';
import { Tail } from '../tail/tail.ts';

const writeTo = promisify(write);
/** Pause before the next attempt while a slow reader leaves the pipe full. */
const FULL_PAUSE_MS = 50;
/** How often a lasting failure is logged. */
const WARN_MS = 60_000;

export interface ShipperOptions {
  /** Descriptor of the output, or a file that is appended to and moved to `<file>.1` beyond half of `maxBytes`. */
  target: { fd: number } | { file: string; maxBytes: number };
  /** Stores how far calls.log was read. */
  stateFile: string;
  logDir: string;
  pollMs?: number;
  /** Pause after a failure. */
  retryMs?: number;
}

/** Passes each line of calls.log on unchanged. */
export interface CallShipper {
  start(): void;
  /** Passes on everything that is in the log now; rejects when that fails. */
  readAll(): Promise<void>;
  close(): Promise<void>;
}

/** Appends to a file, which is opened each time: a file that was moved away gets no further lines. A partial write is truncated. */
async function append(file: string, maxBytes: number, pieces: readonly Buffer[]): Promise<void> {
  const handle = await open(file, 'a', 0o640);
  let size: number;
  try {
    ({ size } = await handle.stat());
    try {
      for (const piece of pieces) await handle.appendFile(piece);
    } catch (error) {
      await handle.truncate(size).catch(() => undefined);
      throw error;
    }
  } finally {
    await handle.close();
  }
  if ((await stat(file).catch(() => ({ size: 0 }))).size > maxBytes / 2) await rename(file, `${file}.1`);
}

async function writeWhole(fd: number, piece: Buffer, isClosing: () => boolean): Promise<void> {
  for (let done = 0; done < piece.length;)
    try {
      const { bytesWritten } = await writeTo(fd, piece, done, piece.length - done, null);
      done += bytesWritten;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || isClosing()) throw error;
      await wait(FULL_PAUSE_MS);
    }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Passes single calls on instead of storing them. A line is passed on once; one that was passed on just before the registry was killed may be
 * passed on again. While that fails, nothing is read: the lines remain in calls.log until it is rotated away.
 */
export function createCallShipper(options: ShipperOptions, log: Pick<Log, 'warn' | 'info'>): CallShipper {
  const { target, stateFile, logDir, pollMs = 500, retryMs = 5_000 } = options;
  const where = 'file' in target ? target.file : 'the standard output';
  const closing = new AbortController();
  const isClosing = () => closing.signal.aborted;
  let isFailing = false;
  let warnedMs = -Infinity;
  let reading: Promise<void> = Promise.resolve();
  let polling: Promise<void> = Promise.resolve();

  const tail = new Tail(logDir, {
    load: async () => readTailState(await readText(stateFile)),
    async write(pieces, stateAfter) {
      if ('file' in target) await append(target.file, target.maxBytes, pieces);
      else for (const piece of pieces) await writeWhole(target.fd, piece, isClosing);
      await replaceFile(stateFile, writeTailState(stateAfter(0)), false);
      return pieces.length;
    },
  });

  async function readBatches(): Promise<void> {
    while (!isClosing()) {
      const read = await tail.step();
      if (read === null || read.isAll) return;
      await new Promise(setImmediate);
    }
  }

  function readAll(): Promise<void> {
    const run = reading.then(readBatches);
    reading = run.catch(() => undefined);
    return run;
  }

  function reportOutcome(error: unknown): void {
    if (error === null && isFailing) log.info({ to: where }, 'calls are passed on again');
    isFailing = error !== null;
    if (!isFailing || performance.now() - warnedMs < WARN_MS) return;
    warnedMs = performance.now();
    log.warn({ to: where, error: describeError(error) }, 'calls could not be passed on (CALL_STORE); trying again');
  }

  async function poll(): Promise<void> {
    while (!isClosing()) {
      await readAll().then(() => reportOutcome(null), reportOutcome);
      await wait(isFailing ? retryMs : pollMs, undefined, { signal: closing.signal, ref: false }).catch(
        () => undefined,
      );
    }
  }

  return {
    start() {
      polling = poll();
    },
    readAll,
    async close() {
      closing.abort();
      await polling;
      await reading;
    },
  };
}
