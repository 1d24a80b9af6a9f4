import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { listWorkers } from './workers.ts';

export interface Answer {
  number: number;
  pid: number;
}

/** Asks NGINX over its private socket, on a new connection, which generation answers; null when none does. */
export function askGeneration(socketPath: string, timeoutMs = 1_000): Promise<Answer | null> {
  return new Promise((resolve) => {
    const asked = request(
      { socketPath, path: '/', agent: false, timeout: timeoutMs, headers: { connection: 'close' } },
      (reply) => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', (chunk: string) => (text += chunk));
        reply.on('end', () => {
          const found = /^(\d+) (\d+)\s*$/.exec(text);
          resolve(found === null ? null : { number: Number(found[1]), pid: Number(found[2]) });
        });
        reply.on('error', () => resolve(null));
      },
    );
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(null));
    asked.end();
  });
}

export interface VerifyOptions {
  socketPath: string;
  number: number;
  master: () => Promise<number | null>;
  /** Workers that accepted before the reload; each must be gone or draining. */
  olderPids: ReadonlySet<number>;
  limitMs: number;
  /** Ends the wait early: why NGINX refused the reload, or null. */
  findRefusal?: () => Promise<string | null>;
}

const POLL_MS = 5;
/** How often to check whether NGINX refused the reload. */
const REFUSAL_CHECK_MS = 50;
/** Where processes cannot be listed: how long every answer must name the generation. */
const STABLE_MS = 300;

async function olderStillAccept(master: number, olderPids: ReadonlySet<number>): Promise<boolean | null> {
  const workers = await listWorkers(master);
  return workers === null ? null : workers.some((worker) => !worker.draining && olderPids.has(worker.pid));
}

/**
 * Waits until NGINX is verified to serve a generation. Returns null when it is, else why not.
 * One answer is no proof: workers of the generation before accept for a while next to the new ones.
 */
export async function verifyGeneration(options: VerifyOptions): Promise<string | null> {
  const untilMs = performance.now() + options.limitMs;
  let [stableSinceMs, checkedAtMs]: [number | null, number] = [null, performance.now()];
  let last: Answer | null = null;
  while (performance.now() < untilMs) {
    const master = await options.master();
    const older = master === null ? null : await olderStillAccept(master, options.olderPids);
    // As long as older workers accept, no answer proves anything; and NGINX needs the processor.
    last = older === true ? null : await askGeneration(options.socketPath);
    const isAnswer = last?.number === options.number && !options.olderPids.has(last.pid);
    if (isAnswer && older === false) return null;
    stableSinceMs = last?.number === options.number ? (stableSinceMs ?? performance.now()) : null;
    if (older === null && master !== null && stableSinceMs !== null && performance.now() - stableSinceMs >= STABLE_MS)
      return null;
    if (!isAnswer && performance.now() - checkedAtMs >= REFUSAL_CHECK_MS) {
      const refusal = (await options.findRefusal?.()) ?? null;
      if (refusal !== null) return refusal;
      checkedAtMs = performance.now();
    }
    await wait(POLL_MS);
  }
  last ??= await askGeneration(options.socketPath);
  const seconds = (options.limitMs / 1000).toFixed(0);
  if (last === null) return `NGINX did not answer on its private socket for ${seconds} s`;
  if (last.number !== options.number) return `NGINX still served generation ${last.number} after ${seconds} s`;
  return `Workers of the generation before still accepted connections after ${seconds} s`;
}
