import type { GatewayProblem } from '../../contract/index.ts';
import { describeError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { FoundProblem } from './list-problems.ts';

export interface ProblemWatch {
  /** The problems found by the last check; checks now if that is too old. */
  list(): Promise<GatewayProblem[]>;
  /** Checks periodically from now on. */
  start(): void;
  /** Ends after the check in progress. */
  close(): Promise<void>;
}

interface WatchOptions {
  findProblems: () => Promise<FoundProblem[]>;
  onChange: () => void;
  log: Pick<Log, 'warn' | 'info'>;
  everyMs?: number;
  /** A process that is being replaced is briefly unreachable: that is not a problem yet. */
  graceMs?: number;
  now?: () => number;
}

const keyOf = ({ kind, subject }: Pick<GatewayProblem, 'kind' | 'subject'>): string => `${kind}/${subject}`;

/** Watches for problems of the gateway itself and records since when each exists. */
export function createProblemWatch(options: WatchOptions): ProblemWatch {
  const { findProblems, onChange, log, everyMs = 3_000, graceMs = 2_500, now = Date.now } = options;
  const firstSeen = new Map<string, number>();
  let problems: GatewayProblem[] = [];
  let checkedMs = -Infinity;
  let checking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function note(found: FoundProblem[]): void {
    const nowMs = now();
    const keys = new Set(found.map(keyOf));
    for (const key of firstSeen.keys()) if (!keys.has(key)) firstSeen.delete(key);
    for (const one of found) if (!firstSeen.has(keyOf(one))) firstSeen.set(keyOf(one), nowMs);
    const before = problems;
    problems = found.flatMap(({ sinceMs, ...problem }) => {
      const seenMs = firstSeen.get(keyOf(problem)) ?? nowMs;
      if (problem.kind === 'process_down' && nowMs - seenMs < graceMs) return [];
      return [{ ...problem, since: new Date(sinceMs ?? seenMs).toISOString() }];
    });
    const known = new Set(before.map(keyOf));
    for (const one of problems) if (!known.has(keyOf(one))) log.warn({ problem: one }, 'a problem of the gateway');
    for (const one of before) if (!keys.has(keyOf(one))) log.info({ problem: keyOf(one) }, 'a problem is resolved');
    if (JSON.stringify(problems) !== JSON.stringify(before)) onChange();
  }

  function checkNow(): Promise<void> {
    checking ??= findProblems()
      .then(note, (error: unknown) => log.warn({ error: describeError(error) }, 'the check for problems failed'))
      .finally(() => {
        checkedMs = performance.now();
        checking = undefined;
      });
    return checking;
  }

  return {
    async list() {
      if (performance.now() - checkedMs > everyMs) await checkNow();
      return problems;
    },
    start() {
      timer ??= setInterval(() => void checkNow(), everyMs).unref();
    },
    async close() {
      clearInterval(timer);
      await checking;
    },
  };
}
