import { StartError } from '../start-error.ts';
import { readDeaths, readLogTail } from '../supervise/service-folders.ts';

const POLL_MS = 50;
const GIVE_UP_AFTER_DEATHS = 4;
const EXIT_CONFIG = 78;

interface Waiting {
  url: string;
  dataDir: string;
  logDir: string;
  limitMs: number;
  services: string[];
  /** Called about once a second with the time waited so far. */
  progress: (waitedMs: number) => void;
  cancelled: () => boolean;
}

/** The relevant part of the response of /readyz (registry/http/routes/system/health-endpoints.ts). */
export interface Ready {
  generation: number | null;
  /** False: publishing failed, and an older generation is served. */
  published: boolean;
}

async function requestReady(url: string): Promise<Ready | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000), redirect: 'manual' });
    const text = await response.text();
    return response.status === 200 ? (JSON.parse(text) as Ready) : null;
  } catch {
    return null;
  }
}

function throwIfHopeless({ dataDir, logDir, services }: Waiting): void {
  for (const name of services) {
    const deaths = readDeaths(dataDir, name);
    if (deaths.length >= GIVE_UP_AFTER_DEATHS || deaths.some(({ exitCode }) => exitCode === EXIT_CONFIG))
      throw new StartError(
        `${name} does not start; its last log lines (${logDir}/${name}/current):\n${readLogTail(logDir, name)}`,
      );
  }
}

/** Resolves with the response of `url` as soon as its status is 200, null when cancelled; throws StartError with the last log lines of a service if that will not happen. */
export async function waitUntilReady(waiting: Waiting): Promise<Ready | null> {
  const start = Date.now();
  let reportedMs = 0;
  for (;;) {
    const ready = await requestReady(waiting.url);
    if (waiting.cancelled()) return null;
    if (ready !== null) return ready;
    throwIfHopeless(waiting);
    const waitedMs = Date.now() - start;
    if (waitedMs > waiting.limitMs)
      throw new StartError(
        `${waiting.url} did not answer within ${waiting.limitMs / 1000} s\n${waiting.services
          .map((name) => `--- ${waiting.logDir}/${name}/current\n${readLogTail(waiting.logDir, name, 8)}`)
          .join('\n')}`,
      );
    if (waitedMs - reportedMs >= 1_000) {
      reportedMs = waitedMs;
      waiting.progress(waitedMs);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
