import cron from 'node-cron';
import { RegistryError } from '../../lib/errors.ts';

export interface Schedule {
  /** Throws RegistryError `invalid` for an invalid expression. */
  set(expression: string): void;
  close(): Promise<void>;
}

/** Throws RegistryError `invalid` when `expression` is not a cron expression. */
export function requireCron(expression: string): void {
  if (cron.validate(expression)) return;
  throw new RegistryError('invalid', `healthCron: ${JSON.stringify(expression)} is not a cron expression`, {
    errors: [
      { field: 'healthCron', message: 'Use five or six fields, for example "*/30 * * * * *" (every 30 seconds)' },
    ],
  });
}

const CLOCK_CHECK_MS = 1_000;
const JUMP_MS = 2_000;

/** By how much the wall clock is ahead of the monotonic clock, in milliseconds. */
const readOffsetMs = () => Date.now() - performance.now();

/**
 * Runs `work` after `firstMs`, then at the times of a cron expression, never twice at once: a time that is due while it still runs is skipped, and
 * `onSkipped` is called. It reschedules when the wall clock is set: node-cron waits for a fixed time of day, which is an hour later
 * after a step back by an hour.
 */
export function createSchedule(
  expression: string,
  { firstMs, work, onSkipped }: { firstMs: number; work: () => Promise<void>; onSkipped: () => void },
): Schedule {
  let running: Promise<void> | null = null;
  const tick = () => {
    if (running !== null) {
      onSkipped();
      return;
    }
    running = work().finally(() => {
      running = null;
    });
  };
  let current = expression;
  let task = plan(expression);
  const first = setTimeout(tick, firstMs);
  let offsetMs = readOffsetMs();
  const watch = setInterval(() => {
    const before = offsetMs;
    offsetMs = readOffsetMs();
    if (Math.abs(offsetMs - before) > JUMP_MS) replace(current);
  }, CLOCK_CHECK_MS).unref();

  function plan(pattern: string) {
    requireCron(pattern);
    return cron.schedule(pattern, tick, { name: 'health' });
  }
  function replace(pattern: string): void {
    const next = plan(pattern);
    void task.destroy();
    task = next;
    current = pattern;
  }
  return {
    set: replace,
    async close() {
      clearTimeout(first);
      clearInterval(watch);
      await task.destroy();
      await running;
    },
  };
}
