import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { listWorkers } from './workers.ts';

export interface Answer {
  number: number;
  pid: number;
}

/** Asks NGINX over its private socket, on a new connection, which generation answers; null when nobody does. */
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

export interface ProofInput {
  socketPath: string;
  number: number;
  master: () => Promise<number | null>;
  /** Workers that accepted before the reload; each must be gone or draining. */
  olderPids: ReadonlySet<number>;
  limitMs: number;
  /** Ends the wait early: why the reload cannot come any more, or null. */
  givenUp?: () => Promise<string | null>;
}

const POLL_MS = 5;
/** How often to look whether the reload was given up. */
const LOOK_MS = 50;
/** Where processes cannot be looked at: how long every answer must name the generation. */
const STABLE_MS = 300;

async function olderStillAccept(master: number, olderPids: ReadonlySet<number>): Promise<boolean | null> {
  const workers = await listWorkers(master);
  return workers === null ? null : workers.some((worker) => !worker.draining && olderPids.has(worker.pid));
}

/**
 * Waits until NGINX is proven to serve a generation (DESIGN §7, "Proven live"). Gives null when it is, else why not, in words.
 * One answer is no proof: workers of the generation before accept for a while next to the new ones.
 */
export async function proveGeneration(input: ProofInput): Promise<string | null> {
  const until = performance.now() + input.limitMs;
  let [stableSince, lookedAt]: [number | null, number] = [null, performance.now()];
  let last: Answer | null = null;
  while (performance.now() < until) {
    const master = await input.master();
    const older = master === null ? null : await olderStillAccept(master, input.olderPids);
    // As long as workers of before accept, no answer proves anything; and NGINX needs the processor.
    last = older === true ? null : await askGeneration(input.socketPath);
    const isAnswer = last?.number === input.number && !input.olderPids.has(last.pid);
    if (isAnswer && older === false) return null;
    stableSince = last?.number === input.number ? (stableSince ?? performance.now()) : null;
    if (older === null && master !== null && stableSince !== null && performance.now() - stableSince >= STABLE_MS)
      return null;
    if (!isAnswer && performance.now() - lookedAt >= LOOK_MS) {
      const given = (await input.givenUp?.()) ?? null;
      if (given !== null) return given;
      lookedAt = performance.now();
    }
    await wait(POLL_MS);
  }
  last ??= await askGeneration(input.socketPath);
  const seconds = (input.limitMs / 1000).toFixed(0);
  if (last === null) return `NGINX did not answer on its private socket for ${seconds} s`;
  if (last.number !== input.number) return `NGINX still served generation ${last.number} after ${seconds} s`;
  return `workers of the generation before still accepted connections after ${seconds} s`;
}
