import { SYSTEM_CLOCK, type Clock } from '../../lib/clock.ts';
import type { Answer } from './probe-generation.ts';
import type { WorkerProcess } from './workers.ts';

/** What verification reads from the running NGINX. */
export interface RunningNginx {
  /** Pid of the master; null when there is none. */
  master(): Promise<number | null>;
  /** Null where processes cannot be listed. */
  workers(master: number): Promise<Pick<WorkerProcess, 'pid' | 'draining'>[] | null>;
  /** Which generation responds on a new connection; null if none does. */
  answer(): Promise<Answer | null>;
}

export interface VerifyOptions {
  number: number;
  nginx: RunningNginx;
  /** Workers that accepted before the reload; each must have exited or be draining. */
  olderPids: ReadonlySet<number>;
  limitMs: number;
  /** Ends the wait early: why NGINX refused the reload, or null. */
  findRefusal?: () => Promise<string | null>;
  clock?: Clock;
}

const POLL_MS = 5;
/** How often to check whether NGINX refused the reload. */
const REFUSAL_CHECK_MS = 50;
/** Where processes cannot be listed: how long every answer must name the generation. */
const STABLE_MS = 300;

async function olderStillAccept({ nginx, olderPids }: VerifyOptions, master: number): Promise<boolean | null> {
  const workers = await nginx.workers(master);
  return workers === null ? null : workers.some((worker) => !worker.draining && olderPids.has(worker.pid));
}

/**
 * Waits until NGINX is verified to serve a generation. Returns null if it is, else the reason.
 * One answer is no proof: workers of the previous generation accept for a while alongside the new ones.
 */
export async function verifyGeneration(options: VerifyOptions): Promise<string | null> {
  const { nginx, number, olderPids, limitMs, findRefusal, clock = SYSTEM_CLOCK } = options;
  const untilMs = clock.nowMs() + limitMs;
  let [stableSinceMs, checkedAtMs]: [number | null, number] = [null, clock.nowMs()];
  let last: Answer | null = null;
  while (clock.nowMs() < untilMs) {
    const master = await nginx.master();
    const older = master === null ? null : await olderStillAccept(options, master);
    // As long as older workers accept, no answer proves anything; and NGINX needs the CPU.
    last = older === true ? null : await nginx.answer();
    const isAnswer = last?.number === number && !olderPids.has(last.pid);
    if (isAnswer && older === false) return null;
    stableSinceMs = last?.number === number ? (stableSinceMs ?? clock.nowMs()) : null;
    if (older === null && master !== null && stableSinceMs !== null && clock.nowMs() - stableSinceMs >= STABLE_MS)
      return null;
    if (!isAnswer && clock.nowMs() - checkedAtMs >= REFUSAL_CHECK_MS) {
      const refusal = (await findRefusal?.()) ?? null;
      if (refusal !== null) return refusal;
      checkedAtMs = clock.nowMs();
    }
    await clock.sleep(POLL_MS);
  }
  last ??= await nginx.answer();
  const seconds = (limitMs / 1000).toFixed(0);
  if (last === null) return `NGINX did not answer on its private socket for ${seconds} s`;
  if (last.number !== number) return `NGINX still served generation ${last.number} after ${seconds} s`;
  return `Workers of the previous generation still accepted connections after ${seconds} s`;
}
