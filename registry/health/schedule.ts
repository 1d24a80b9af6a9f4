import cron from 'node-cron';
import { RegistryError } from '../errors.ts';

export interface Schedule {
  /** Throws RegistryError `invalid` for an expression that is none. */
  set(expression: string): void;
  close(): Promise<void>;
}

/** Throws RegistryError `invalid` when `expression` is no cron expression. */
export function requireCron(expression: string): void {
  if (cron.validate(expression)) return;
  throw new RegistryError('invalid', `healthCron: ${JSON.stringify(expression)} is no cron expression`, {
    errors: [
      { field: 'healthCron', message: 'give five or six fields, for example "*/30 * * * * *" (every 30 seconds)' },
    ],
  });
}

/** Runs `work` at the times of a cron expression, never twice at once: a time that comes while it still runs is skipped. */
export function createSchedule(expression: string, work: () => Promise<void>, skipped: () => void): Schedule {
  let running: Promise<void> | null = null;
  const tick = () => {
    if (running !== null) {
      skipped();
      return;
    }
    running = work().finally(() => {
      running = null;
    });
  };
  let task = plan(expression);

  function plan(wanted: string) {
    requireCron(wanted);
    return cron.schedule(wanted, tick, { name: 'health' });
  }
  return {
    set(wanted) {
      const next = plan(wanted);
      void task.destroy();
      task = next;
    },
    async close() {
      await task.destroy();
      await running;
    },
  };
}
