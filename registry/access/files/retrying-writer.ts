import { describeError, RegistryError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { createKeyedMutex } from '../../lib/keyed-mutex.ts';

/** Runs writes one at a time per file and retries them until they succeed. */
export interface Enforcement {
  /** Throws RegistryError `unavailable` when the write failed this time; it is retried in the background. */
  run: (file: string, write: () => Promise<void>) => Promise<void>;
  /** The files that could not be written yet. */
  overdue: () => string[];
  isOverdue: (file: string) => boolean;
  close: () => void;
}

const MAX_RETRY_MS = 30_000;

/** `retryMs` is the first delay; it doubles up to 30 s. */
export function createEnforcement(log: Pick<Log, 'info' | 'warn'>, retryMs: number): Enforcement {
  const mutex = createKeyedMutex();
  const failed = new Map<string, () => Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = retryMs;
  let closed = false;

  function schedule(): void {
    if (closed || timer !== undefined || failed.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      void retry();
    }, pauseMs);
    timer.unref();
  }

  async function retry(): Promise<void> {
    for (const [file, write] of [...failed]) await attempt(file, write).catch(() => undefined);
    pauseMs = failed.size === 0 ? retryMs : Math.min(pauseMs * 2, MAX_RETRY_MS);
    schedule();
  }

  async function attempt(file: string, write: () => Promise<void>): Promise<void> {
    await mutex.coalesce(file, async () => {
      try {
        await write();
      } catch (error) {
        failed.set(file, write);
        throw error;
      }
      if (failed.delete(file)) log.info({ file: `access/${file}` }, 'access file written after retrying');
    });
  }

  return {
    async run(file, write) {
      try {
        await attempt(file, write);
      } catch (cause) {
        log.warn({ file: `access/${file}`, error: describeError(cause) }, 'access file not written, trying again');
        schedule();
        throw new RegistryError(
          'unavailable',
          `the change is stored but not yet enforced: access/${file} could not be written (${describeError(cause)})`,
          {
            cause,
            hint: 'Free space in DATA_DIR or make the user that runs mcpgw the owner of the folder again; the write is retried until it succeeds.',
            retryAfterS: 5,
          },
        );
      }
    },
    overdue: () => [...failed.keys()],
    isOverdue: (file) => failed.has(file),
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
