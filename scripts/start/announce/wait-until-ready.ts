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

/** What /readyz says (registry/http/routes/system/health-endpoints.ts), as far as it matters here. */
export interface Ready {
  generation: number | null;
  /** False: publishing failed, and an older generation serves. */
  published: boolean;
}

async function askWhetherReady(url: string): Promise<Ready | null> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000), redirect: 'manual' });
    const text = await answer.text();
    return answer.status === 200 ? (JSON.parse(text) as Ready) : null;
  } catch {
    return null;
  }
}

function throwIfHopeless({ dataDir, logDir, services }: Waiting): void {
  for (const name of services) {
    const deaths = readDeaths(dataDir, name);
    if (deaths.length >= GIVE_UP_AFTER_DEATHS || deaths.some(({ exitCode }) => exitCode === EXIT_CONFIG))
      throw new StartError(
        `${name} does not start; the last that it said (${logDir}/${name}/current):\n${readLogTail(logDir, name)}`,
      );
  }
}

/** Resolves with what `url` says as soon as it answers 200, null when cancelled; throws StartError with the last log lines of a service when that will not happen. */
export async function waitUntilReady(waiting: Waiting): Promise<Ready | null> {
  const start = Date.now();
  let said = 0;
  for (;;) {
    const ready = await askWhetherReady(waiting.url);
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
    if (waitedMs - said >= 1_000) {
      said = waitedMs;
      waiting.progress(waitedMs);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
